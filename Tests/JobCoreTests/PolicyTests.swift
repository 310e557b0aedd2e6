import JobCore
import Testing

@Suite struct PolicyTests {
    @Test func init_defaults_areThoseOfTheContract() throws {
        let policy = try Policy()
        #expect(policy.heartbeatInterval == .seconds(2) && policy.monitorInterval == .seconds(30))
        #expect(policy.heartbeatTimeout == .seconds(600) && policy.coldStartThreshold == .seconds(15))
        #expect(policy.tornFileAge == .seconds(60) && policy.settleAge == .seconds(2) && policy.crashLimit == 3)
        #expect(policy.giveUpAfter == .seconds(300))
    }

    @Test func init_intervalAtHalfTheTimeout_isRefusedAndJustBelowIsTaken() throws {
        #expect(throws: Never.self) {
            try Policy(heartbeatInterval: .milliseconds(4999), heartbeatTimeout: .seconds(10))
        }
        for interval in [5, 6, 10, 11] {
            #expect {
                try Policy(heartbeatInterval: .seconds(interval), heartbeatTimeout: .seconds(10))
            } throws: {
                let failure = $0 as? Failure
                return failure?.code == .configError && failure?.message.contains("JOB_HEARTBEAT_INTERVAL") == true
            }
        }
    }

    @Test(arguments: [Duration.zero, .seconds(-1), .seconds(7 * 86_400 + 1)])
    func init_durationOutOfRange_isRefused(bad: Duration) {
        #expect(throws: Failure.self) { try Policy(heartbeatInterval: bad) }
        #expect(throws: Failure.self) { try Policy(monitorInterval: bad) }
        #expect(throws: Failure.self) { try Policy(heartbeatTimeout: bad) }
        #expect(throws: Failure.self) { try Policy(coldStartThreshold: bad) }
        #expect(throws: Failure.self) { try Policy(tornFileAge: bad) }
        #expect(throws: Failure.self) { try Policy(settleAge: bad) }
    }

    @Test func init_crashLimitBelowOne_isRefused() {
        #expect(throws: Never.self) { try Policy(crashLimit: 1) }
        #expect(throws: Failure.self) { try Policy(crashLimit: 0) }
    }

    @Test func milliseconds_roundTowardsZero() {
        #expect(Duration.microseconds(1999).milliseconds == 1 && Duration.microseconds(-1999).milliseconds == -1)
        #expect(Duration.seconds(3).milliseconds == 3000)
    }
}
