extension Compile {
  /// Puts a software bill of materials into the image if the app asks for one.
  static func writeBillOfMaterials(
    _ result: BuildResult,
    _ tools: [ToolInstaller.Installed],
    _ plan: InstallPlan,
    _ toolchain: Toolchain,
    _ settings: Settings,
    _ lockFile: LockFile?,
    _ context: BuildContext,
    _ log: Log
  ) throws(BuildpackError) {
    guard settings.writesBillOfMaterials?.value == true else { return }
    guard let lockFile else {
      log.warning("Warning: There is no software bill of materials: Cargo.lock could not be understood.")
      return
    }
    let bill = BillOfMaterials(
      buildpackVersion: buildpackVersion,
      shipped: plan.steps.map { ($0.package.name, $0.package.version) },
      toolchain: toolchain,
      lockFile: lockFile,
      packageIDs: result.messages.used,
      cargoHome: context.work.cargo
    )
    let count = try guardingFiles { () throws(FileError) in try bill.write(into: context.buildDirectory) }
    log.detail("Wrote the bill of materials, \(countText(count, "package")), to \(BillOfMaterials.path)")
    if !tools.isEmpty { log.notice("the tools are not in it: \(tools.map(\.name).joined(separator: ", "))") }
  }
}
