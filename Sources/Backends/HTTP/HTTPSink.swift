/// Where the body of a successful answer goes while it comes in.
///
/// The client's own thread calls it, one call after the other, and it may write files there. Statuses other than 2xx
/// never reach it.
public protocol HTTPSink: AnyObject, Sendable {
    /// Once, before the first bytes; also where there are none.
    func begin(_ head: HTTPHead) throws(HTTPFailure)
    /// The next bytes.
    func write(_ bytes: UnsafeRawBufferPointer) throws(HTTPFailure)
}
