import JobCore

/// Finds an order of the operations in which each has its effect at one moment between question and answer, and all
/// answers agree with `JobModel` (Wing and Gong, with a memory of what was tried).
struct Linearization {
    let operations: [Operation]
    let start: JobModel
    /// Where the job was found when all was over and recovered.
    let rest: JobState?
    /// What nobody was promised may be gone.
    let hasLostPower: Bool

    private struct Moment: Hashable {
        var done: UInt64
        var model: JobModel
        var isCut: Bool
    }

    /// Whether there is such an order.
    func exists() -> Bool {
        var seen: Set<Moment> = []
        var stack = [Moment(done: 0, model: start, isCut: false)]
        while let moment = stack.popLast() {
            guard seen.insert(moment).inserted else { continue }
            let left = operations.indices.filter { moment.done & (1 << UInt64($0)) == 0 }
            if isOver(left, moment), moment.model.afterRecovery.contains(rest) { return true }
            if hasLostPower, !moment.isCut,
                left.allSatisfy({ isLost($0, moment.model) || operations[$0].answer == nil })
            {
                let lost = left.filter { isLost($0, moment.model) }
                let done = lost.reduce(moment.done) { $0 | (1 << UInt64($1)) }
                stack.append(
                    Moment(done: done, model: moment.model.afterCut(losing: lost.map { operations[$0] }), isCut: true))
            }
            // The next one was invoked before any that is left had returned.
            let limit = left.compactMap { operations[$0].returned }.min() ?? .max
            for index in left where operations[index].invoked < limit {
                let operation = operations[index]
                for model in moment.model.after(
                    operation.wish, operation.answer, isBesideCancel: isBeside(.cancel, operation),
                    isBesideSilence: isBeside(.failSilent, operation))
                {
                    stack.append(Moment(done: moment.done | (1 << UInt64(index)), model: model, isCut: moment.isCut))
                }
            }
        }
        return false
    }

    private func isBeside(_ wish: Wish, _ operation: Operation) -> Bool {
        operations.contains {
            $0.wish == wish && $0.invoked < operation.returned ?? .max && operation.invoked < $0.returned ?? .max
        }
    }

    /// Those that nobody was answered for may never have happened.
    private func isOver(_ left: [Int], _ moment: Moment) -> Bool {
        left.allSatisfy { operations[$0].answer == nil }
    }

    private func isLost(_ index: Int, _ model: JobModel) -> Bool {
        // Who submits what is there already is promised that it is there.
        if operations[index].wish == .submit, model.place != nil { return operations[index].answer != nil }
        return operations[index].isLosable
    }
}
