import Foundation
import Glibc
import Testing

@testable import Engine

/// What systemd is told.
@Suite struct ServiceNotifierTests {
    /// A socket as systemd has it.
    private final class Ear {
        let path = "\(NSTemporaryDirectory())/kinospool-ear-\(UInt32.random(in: 0 ... .max)).sock"
        private let socket: Int32

        init() throws {
            socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            var name = sockaddr_un()
            name.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
            let bound = withUnsafePointer(to: &name) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    bind(socket, address, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            try #require(bound == 0)
        }

        deinit {
            close(socket)
            unlink(path)
        }

        func heard() -> String {
            var bytes = [UInt8](repeating: 0, count: 256)
            let count = recv(socket, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
        }
    }

    @Test func notifier_tellsItsThreeThings() throws {
        let ear = try Ear()
        let notifier = try #require(
            ServiceNotifier(environment: ["NOTIFY_SOCKET": ear.path, "WATCHDOG_USEC": "120000000"]))
        #expect(notifier.interval == .seconds(60))
        notifier.tellReady()
        #expect(ear.heard().hasPrefix("READY=1\n"))
        notifier.tellAlive()
        #expect(ear.heard() == "WATCHDOG=1")
        notifier.tellStopping()
        #expect(ear.heard().hasPrefix("STOPPING=1\n"))
    }

    @Test func notifier_withoutSystemd_isNone() {
        #expect(ServiceNotifier(environment: [:]) == nil)
        #expect(ServiceNotifier(environment: ["NOTIFY_SOCKET": "relative"]) == nil)
        #expect(ServiceNotifier(environment: ["NOTIFY_SOCKET": "/" + String(repeating: "x", count: 107)]) == nil)
        #expect(ServiceNotifier(environment: ["NOTIFY_SOCKET": "/" + String(repeating: "x", count: 106)]) != nil)
    }

    @Test func watchdog_ofAnotherProcess_isNotOurs() {
        let environment = ["NOTIFY_SOCKET": "/nowhere", "WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "1"]
        let notifier = ServiceNotifier(environment: environment)
        #expect(notifier != nil && notifier?.interval == nil)
        notifier?.tellReady()
    }
}
