import Foundation
import JobCore
import Testing

/// The client that the daemon hands out, checked and run by Deno.
@Suite(.timeLimit(.minutes(3))) struct ClientTests {
    /// Where `Scripts/install-packages --tests` puts it.
    private static var deno: String {
        let folder = PeerTests.python.components(separatedBy: "/http-2/").first ?? ""
        return "NO_COLOR=1 DENO_NO_UPDATE_CHECK=1 DENO_DIR=$PWD/deno \(folder)/panel-1/bin/deno"
    }

    private static let options =
        #"{"compilerOptions":{"strict":true,"checkJs":true,"lib":["esnext","dom","dom.iterable","deno.ns"]}}"#

    /// The files as the daemon serves them.
    private func fetch(_ api: HTTPPeer, to desk: Desk) async throws {
        for (name, type) in [
            ("client.js", "text/javascript"), ("client.d.ts", "application/typescript"),
            ("client.ts", "application/typescript"),
        ] {
            let reply = try await api.get("/\(name)")
            #expect(reply.status == 200 && reply.headers["content-type"] == "\(type); charset=utf-8")
            try desk.write(name, reply.text)
        }
        try desk.write("deno.json", Self.options)
        let program = try String(contentsOfFile: PeerTests.script("client_peer.ts"), encoding: .utf8)
        try desk.write("client_peer.ts", program)
    }

    @Test func client_isWhatItsTypesSay_andWorks() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve()
            let api = try await desk.api(daemon)
            try await fetch(api, to: desk)
            // Its own types would stand in for the script itself.
            try await desk.shell("sed /@ts-self-types/d client.js > checked.js")
            try await PeerTests.run(
                desk, "\(Self.deno) check --no-remote --no-npm checked.js client.js client.ts client_peer.ts")
            try await PeerTests.run(desk, "\(Self.deno) lint client.js client.ts client_peer.ts")
            try await PeerTests.run(
                desk, "\(Self.deno) run --no-remote --no-npm --allow-net=\(api.host) client_peer.ts http://\(api.host)")
            #expect(desk.read("\(desk.folder)/peer.log")?.contains("client: all right") == true)
            try await desk.stop(daemon)
        }
    }

    /// A check that cannot fail checks nothing.
    @Test func wrongField_isFoundByTheCheck() async throws {
        try await Desk.use { desk in
            let daemon = try await desk.serve()
            try await fetch(try await desk.api(daemon), to: desk)
            for (name, line) in [
                ("name", #"await k.submit({ type: "RENDER", params: { prompt: "a", durations: 3 } });"#),
                ("type", #"(await k.get("a")).progress.length;"#),
            ] {
                try desk.write(
                    "\(name).ts", "import { Kinospool } from \"./client.ts\";\nconst k = new Kinospool();\n\(line)\n")
                await #expect(throws: Failure.self) {
                    try await desk.shell("\(Self.deno) check --no-remote --no-npm \(name).ts 2> \(name).log")
                }
                let told = desk.read("\(desk.folder)/\(name).log") ?? ""
                #expect(told.contains(name == "name" ? "durations" : "length"), "\(told)")
            }
            try await desk.stop(daemon)
        }
    }

    @Test func types_areThoseOfTheDescription() async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized.path
        try await Desk.use(isEmpty: true) { desk in
            let text = try await desk.shell("\(root)/Scripts/client-types --print")
            #expect(text == desk.read("\(root)/Sources/Web/Documents/client.d.ts"))
        }
    }
}
