import JobCore
import Logging
import Spool

/// Hints, and whom they concern.
extension House {
    func listen(_ pickup: isolated Pickup) async {
        guard let watch else { return }
        for await _ in watch.signals {
            let hints = watch.drain()
            if hints.mustRescan { await lookAtEverything() }
            for (folder, names) in hints.names { await route(names, in: folder, pickup) }
        }
    }

    private func route(
        _ names: [String: WatchHints.Change], in folder: String, _ pickup: isolated Pickup
    ) async {
        switch folder {
        case SpoolLayout.inbox:
            pickup.lookAtInbox(names)
            pickupBell.ring()
        case SpoolLayout.meta:
            await checkPause()
            storeBell.ring()
            messenger.look()
            if names.keys.contains(where: { "meta/\($0)" == SpoolLayout.pausedPaid }) { publisher.look(again: true) }
        case SpoolLayout.storage: publisher.look()
        case SpoolLayout.trash:
            // Of a job that was deleted something may run on elsewhere.
            if isDaemon { for id in Self.ids(of: names, .appeared) { canceler.look(at: id) } }
        case SpoolLayout.index:
            let isTouched = names.contains { name, change in
                let isOwn = "index/\(name)" == SpoolLayout.indexFile
                return !change.isDisjoint(with: isOwn ? [.deleted, .left, .closed, .appeared] : [.deleted, .left])
            }
            if isTouched { await indexer.check() }
        default:
            guard let place = SpoolLayout.place(ofFolder: folder) else { return }
            if place.day == nil {
                await route(names, in: place.state, pickup)
            } else if isDaemon {
                await route(names, in: place, pickup)
            }
        }
    }

    private func route(
        _ names: [String: WatchHints.Change], in state: JobState, _ pickup: isolated Pickup
    ) async {
        let ids = names.keys.compactMap(SpoolLayout.id(ofToken:))
        switch state {
        case .queued:
            pickup.look(at: names)
        case .running:
            let left = names.filter { !$0.value.isDisjoint(with: [.left, .deleted]) }.keys
            heartbeats.check(left.compactMap(SpoolLayout.id(ofToken:)))
        case .done, .failed, .canceled:
            pickup.jobsEnded(ids)
            if isDaemon {
                messenger.touch(ids)
                await archiver.jobsEnded(names.values.count { $0.contains(.appeared) }, in: state)
                // By plain `mv`, or by a program that did not live to finish its cancel.
                if state == .canceled {
                    for id in Self.ids(of: names, .appeared) {
                        await recovery.recover(id)
                        canceler.look(at: id)
                    }
                }
                await lookAtDays(Set(names.keys.compactMap { Day($0) }), in: state)
            }
        }
        pickupBell.ring()
        publisher.touch(ids)
        // What starts jobs comes first, what tells of them after it.
        if isDaemon {
            await janitor.noteRemoval(of: Self.ids(of: names, .deleted), at: BootClock.now())
            await indexer.touch(ids)
        }
    }

    /// What people do in a day folder means the same as in the folder of the state.
    private func route(
        _ names: [String: WatchHints.Change], in place: JobPlace, _ pickup: isolated Pickup
    ) async {
        let ids = names.keys.compactMap(SpoolLayout.id(ofToken:))
        pickup.jobsEnded(ids)
        pickupBell.ring()
        publisher.touch(ids)
        if place.state == .canceled {
            for id in Self.ids(of: names, .appeared) { await recovery.recover(id, known: [place]) }
        }
        await janitor.noteRemoval(of: Self.ids(of: names, .deleted), at: BootClock.now())
        await indexer.touch(ids)
    }

    private static func ids(of names: [String: WatchHints.Change], _ change: WatchHints.Change) -> [JobID] {
        names.filter { $0.value.contains(change) }.keys.compactMap(SpoolLayout.id(ofToken:))
    }

    /// Day folders that came, went or were moved.
    private func lookAtDays(_ days: Set<Day>, in state: JobState) async {
        guard !days.isEmpty else { return }
        for day in days { watch?.add(SpoolLayout.folder(of: JobPlace(state, on: day))) }
        await indexer.refresh()
    }

    func watchDayFolders() async {
        guard let watch else { return }
        let (folder, logger) = (folder, logger)
        await BlockingWork.value {
            let places = (try? folder.dayFolders()) ?? []
            let missed = places.filter { !watch.add(SpoolLayout.folder(of: $0)) }
            logger.debug("day folders are watched", metadata: ["folders": "\(places.count - missed.count)"])
            guard !missed.isEmpty else { return }
            logger.warning("day folders cannot be watched", metadata: ["folders": "\(missed.count)"])
        }
    }

    private func lookAtEverything() async {
        logger.notice("events were lost: looking at every folder")
        let folder = folder
        do {
            _ = try await BlockingWork.run { try folder.prepare(isRecognising: false) }
        } catch {
            logger.error("the spool's folders could not be made again", metadata: ["error": "\(error)"])
        }
        watch?.renew()
        herald.forgetEverything()
        messenger.lookAtEverything()
        heartbeats.check()
        await pickup.rescan(all: true)
        await indexer.refresh()
        await checkPause()
        for bell in [pickupBell, monitorBell] { bell.ring() }
    }

    func checkPause() async {
        herald.touchQueue()
        let folder = folder
        do {
            let (isPaused, arePaid) = try await BlockingWork.run {
                (try folder.isPaused(), try folder.arePaidLanesPaused())
            }
            await dispatcher.setPaused(isPaused)
            await dispatcher.close(arePaid ? Set(Lane.allCases.filter(\.isPaid)) : [])
        } catch {
            logger.error("meta/ could not be read", metadata: ["error": "\(error)"])
        }
    }
}
