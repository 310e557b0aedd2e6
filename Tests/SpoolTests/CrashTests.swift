import JobCore
import Spool
import TestSupport
import Testing

@Suite("Crashes")
struct CrashTests {
    @Test(arguments: CrashScenarios.all + CrashScenarios.repairs, [Durability.full, .fast])
    func crash_anywhere_leavesAWholeJobThatKeepsItsPromises(campaign: CrashCampaign, durability: Durability) throws {
        let violations = try campaign.violations(durability, seeds: 3, stride: 5)
        #expect(violations == [])
    }
}
