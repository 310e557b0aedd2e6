import Testing

@testable import Web

@Suite struct RouteTableTests {
    @Test func match_findsTheOperationAndItsParameters() {
        #expect(
            RouteTable.match("GET", "/jobs/a%20b/artifacts/x..y.mp4")
                == .found(.getArtifact, ["id": "a b", "name": "x..y.mp4"]))
        #expect(RouteTable.match("HEAD", "/jobs/x") == .found(.getJob, ["id": "x"]))
        #expect(RouteTable.match("POST", "/jobs") == .found(.submitJob, [:]))
        #expect(RouteTable.match("GET", "/") == .found(.panelPage, [:]))
    }

    @Test func match_withAnotherMethod_tellsWhichThereAre() {
        #expect(RouteTable.match("PUT", "/jobs/x") == .wrongMethod(allowed: ["DELETE", "GET", "HEAD", "PATCH"]))
        #expect(RouteTable.match("GET", "/uploads") == .wrongMethod(allowed: ["POST"]))
        #expect(RouteTable.match("TRACE", "/health") == .wrongMethod(allowed: ["GET", "HEAD"]))
    }

    @Test(arguments: ["/nothing", "/jobs/", "//jobs", "/jobs//log", "jobs", "", "/jobs/x/y", "/jobs/%zz", "/JOBS"])
    func match_ofAnUnknownAddress_isNothing(path: String) { #expect(RouteTable.match("GET", path) == .nothing) }

    @Test func everyOperation_hasOneRoute() {
        #expect(Set(RouteTable.routes.map(\.operation)) == Set(Operation.allCases))
        #expect(RouteTable.routes.count == Operation.allCases.count)
    }
}
