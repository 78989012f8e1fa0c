import RustBuildpack
import StandIns
