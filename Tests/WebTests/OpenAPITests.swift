import JobCore
import Testing

@testable import Web

/// The description says what the router does.
@Suite struct OpenAPITests {
    private func document() throws -> [String: JSONValue] {
        try #require(try JSONReader.read(Array(OpenAPIDocument.text.utf8)).object)
    }

    @Test func document_hasEveryRouteAndNoOther() throws {
        let paths = try #require(try document()["paths"]?.object)
        var told: Set<String> = []
        for (path, item) in paths {
            for (method, operation) in try #require(item.object) {
                let id = try #require(operation.object?["operationId"]?.string)
                told.insert("\(method.uppercased()) \(path) \(id)")
            }
        }
        let routes = RouteTable.routes.filter { !$0.operation.isOfPanel }
        #expect(told == Set(routes.map { "\($0.method) \($0.path) \($0.operation.rawValue)" }))
    }

    @Test func everyParameterOfAPath_isDescribed() throws {
        let paths = try #require(try document()["paths"]?.object)
        for (path, item) in paths {
            let wanted = Set(path.split(separator: "/").filter { $0.hasPrefix("{") }.map { $0.dropFirst().dropLast() })
            for operation in try #require(item.object).values {
                let parameters = operation.object?["parameters"]?.array ?? []
                let named = parameters.compactMap(\.object).filter { $0["in"] == "path" }
                #expect(Set(named.compactMap { $0["name"]?.string.map { $0[...] } }) == wanted, "\(path)")
            }
        }
    }

    @Test func document_isOfThisVersion() throws {
        #expect(try document()["openapi"] == "3.1.0")
        #expect(try document()["info"]?.object?["version"]?.string == KinospoolVersion.text)
    }
}
