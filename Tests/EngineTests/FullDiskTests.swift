import JobCore
import Spool
import TestSupport
import Testing

@testable import Engine

/// A disk that was full has room again while the daemon runs.
@Suite(.timeLimit(.minutes(3))) struct FullDiskTests {
    @Test func queueIsOpenedAgain_whatTheFullDiskCutShortIsFinished() async throws {
        try await Stage.play { stage in
            try await stage.until { try stage.exists(SpoolLayout.ballast) }
            let folder = stage.spool.folder
            try folder.pause(reason: "test")
            for id in ["boats", "waves"] as [JobID] {
                try stage.drop(id)
                try await stage.until { try stage.exists(SpoolLayout.birth(id)) }
                #expect(try folder.cancel(id) == .canceled)
                try await stage.untilNobodyOwns(id)
            }
            // A cancel without its sweep, and a delete without its own.
            let scratch = SpoolLayout.scratch("boats", attempt: 1)
            try stage.spool.files.makeFolder(scratch)
            try stage.spool.files.rename(
                SpoolLayout.token("waves", in: .canceled), SpoolLayout.trashedToken("waves"), .noReplace)
            try stage.spool.files.create(SpoolLayout.pausedFull, [])
            try await stage.untilSaid("the disk has room again")
            try await stage.until {
                try !stage.exists(scratch) && !stage.exists(SpoolLayout.trashedToken("waves"))
            }
            #expect(try !stage.exists(SpoolLayout.pausedFull))
            #expect(try folder.state(of: "boats") == .canceled)
        }
    }
}
