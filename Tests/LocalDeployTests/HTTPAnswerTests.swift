import Testing

@testable import local_deploy

@Suite struct HTTPAnswerTests {
  @Test func wholeByItsLength() {
    let text = "HTTP/1.1 200 OK\r\ncontent-LENGTH:  2\r\n\r\nhi"
    #expect(HTTPAnswer(Array(text.utf8.dropLast()), isClosed: false) == nil)
    let response = HTTPAnswer(Array((text + "!").utf8), isClosed: false)
    #expect(response?.status == 200)
    #expect(response?.statusLine == "HTTP/1.1 200 OK")
    #expect(response?.body == Array("hi".utf8))
  }

  @Test func wholeByTheConnectionsEnd() {
    let bytes = Array("HTTP/1.0 503\r\nA: b\r\n\r\nno".utf8)
    #expect(HTTPAnswer(bytes, isClosed: false) == nil)
    #expect(HTTPAnswer(bytes, isClosed: true)?.status == 503)
  }

  @Test(arguments: ["", "HTTP/1.1 200 OK\r\n", "SSH-2.0-x\r\n\r\n", "HTTP/1.1 x\r\n\r\n"])
  func noResponse(text: String) {
    #expect(HTTPAnswer(Array(text.utf8), isClosed: true) == nil)
  }
}
