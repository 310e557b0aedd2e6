import Testing

@testable import Web

@Suite struct MultipartTests {
    private let type = "multipart/form-data; boundary=\"x y\""

    private func parsed(_ body: String) -> MultipartForm? { MultipartForm(Array(body.utf8), contentType: type) }

    @Test func form_hasItsTextsAndFiles() throws {
        let form = try #require(
            parsed(
                "--x y\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\na\r\n--b\r\n--x y\r\n"
                    + "content-disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n"
                    + "\r\n\u{89}PNG\r\n--x y--\r\n"))
        #expect(form["prompt"] == "a\r\n--b")
        #expect(form["file"] == nil)
        #expect(form.fields[1] == .init(name: "file", isFile: true, bytes: Array("\u{89}PNG".utf8)))
    }

    @Test func form_withoutFields_isEmpty() throws { #expect(try #require(parsed("--x y--\r\n")).fields.isEmpty) }

    @Test(arguments: [
        "", "--x y", "--x y\r\n", "--x y\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb", "--other--",
        "--x y\r\n\r\nb\r\n--x y--", "--x y\r\nContent-Disposition: form-data\r\n\r\nb\r\n--x y--",
    ])
    func form_thatIsNone_isRefused(body: String) { #expect(parsed(body) == nil) }

    @Test(arguments: ["multipart/form-data", "multipart/form-data; boundary=", "text/plain; x=y"])
    func form_withoutABoundary_isRefused(type: String) {
        #expect(MultipartForm(Array("----\r\n".utf8), contentType: type) == nil)
    }
}
