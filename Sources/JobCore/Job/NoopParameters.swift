/// What a `NOOP` job is asked to do: wait, fail, write bytes; for trying and measuring a set-up.
public struct NoopParameters: Sendable, Equatable {
    /// How long to run, in seconds, 0…86,400; default 0.
    public var seconds: Double
    /// The code to fail with, nil to succeed.
    public var fail: FailureCode?
    /// Size of the artifact to write, 0…1 GiB; default 0: none.
    public var outputBytes: Int

    init(_ reader: FieldReader) throws(Failure) {
        seconds = try reader.number("seconds", in: 0...86_400) ?? 0
        outputBytes = try reader.integer("output_bytes", in: 0...(1 << 30)) ?? 0
        guard let code = try reader.text("fail") else { return }
        guard let known = FailureCode(rawValue: code) else {
            throw reader.failure("fail", "must be an error code such as internal_error (is \"\(code.prefix(40))\")")
        }
        fail = known
    }
}
