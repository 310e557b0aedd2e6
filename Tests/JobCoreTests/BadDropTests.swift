import JobCore
import Testing

/// Every kind of bad drop and the exact words it gets, each with a JSON pointer.
@Suite struct BadDropTests {
    private static let types = "RENDER, IMG2VID, TTS, LIPSYNC, TRAIN_TWIN, EXPORT, NOOP"

    static func message(_ text: String) throws -> String {
        let document = try JobDocument(reading: Array(text.utf8))
        do {
            _ = try JobRequest(document)
            return "accepted"
        } catch {
            return error.code == .invalidJob ? error.message : "\(error)"
        }
    }

    @Test(arguments: [
        ("{}", "/type is missing; one of \(types)"), (#"{"type":null}"#, "/type is missing; one of \(types)"),
        (#"{"type":"render"}"#, "/type must be one of \(types) (is \"render\")"),
        (#"{"type":""}"#, "/type must be one of \(types) (is \"\")"),
        (#"{"type":7}"#, "/type must be a string (is a number)"),
        (#"{"type":"NOOP","params":[]}"#, "/params must be an object (is an array)"),
        (#"{"type":"NOOP","priority":"high"}"#, "/priority must be a whole number (is a string)"),
        (#"{"type":"NOOP","priority":101}"#, "/priority must be a whole number from -100 to 100 (is 101)"),
        (#"{"type":"NOOP","priority":-101}"#, "/priority must be a whole number from -100 to 100 (is -101)"),
        (#"{"type":"NOOP","priority":1.5}"#, "/priority must be a whole number from -100 to 100 (is 1.5)"),
        // Int64.min has no positive twin: it once stopped the whole program.
        (
            #"{"type":"NOOP","priority":-9223372036854775808}"#,
            "/priority must be a whole number from -100 to 100 (is -9.223372036854776e+18)"
        ),
        (#"{"type":"NOOP","max_attempts":0}"#, "/max_attempts must be a whole number from 1 to 20 (is 0)"),
        (#"{"type":"NOOP","max_attempts":21}"#, "/max_attempts must be a whole number from 1 to 20 (is 21)"),
        (
            #"{"type":"NOOP","not_before":"tomorrow"}"#,
            "/not_before must be a time such as 2026-11-23T09:00:00Z (is \"tomorrow\")"
        ),
        (#"{"type":"NOOP","not_before":5}"#, "/not_before must be a string (is a number)"),
        (
            #"{"type":"NOOP","backend":"gpu"}"#,
            "/backend must be one of \(Lane.allCases.map(\.rawValue).joined(separator: ", ")) (is \"gpu\")"
        ),
        (#"{"type":"NOOP","tags":"a"}"#, "/tags must be an array of strings (is a string)"),
        (#"{"type":"NOOP","tags":["a",7]}"#, "/tags needs a string of at most 1024 bytes at index 1"),
        (#"{"type":"NOOP","needs":["ok","../x"]}"#, "/needs has no legal job id at index 1"),
        (#"{"type":"NOOP","note":{}}"#, "/note must be a string (is an object)"),
        (#"{"type":"NOOP","webhook_url":true}"#, "/webhook_url must be a string (is a boolean)"),
    ])
    func init_badTopLevelKey_namesIt(text: String, message: String) throws {
        #expect(try Self.message(text) == message)
    }

    @Test(arguments: ["../etc/passwd", "/etc/passwd", "a/b", "..", "A", "a b", "", String(repeating: "a", count: 97)])
    func init_idThatIsNoFileName_isRefused(id: String) throws {
        let message = "/job_id must be 1 to 96 of a-z 0-9 . _ -, beginning with a letter or digit"
        #expect(try Self.message(#"{"type":"NOOP","job_id":"\#(id)"}"#) == message)
    }

    @Test(arguments: [
        (#"{"seconds":1e300}"#, "/params/seconds must be 0 to 86400 (is 1e+300)"),
        (#"{"seconds":-9223372036854775808}"#, "/params/seconds must be 0 to 86400 (is -9.223372036854776e+18)"),
        (#"{"seconds":86400.5}"#, "/params/seconds must be 0 to 86400 (is 86400.5)"),
        (#"{"seconds":-1}"#, "/params/seconds must be 0 to 86400 (is -1)"),
        (#"{"seconds":"5"}"#, "/params/seconds must be a number (is a string)"),
        (
            #"{"output_bytes":1073741825}"#,
            "/params/output_bytes must be a whole number from 0 to 1073741824 (is 1073741825)"
        ),
        (#"{"output_bytes":0.5}"#, "/params/output_bytes must be a whole number from 0 to 1073741824 (is 0.5)"),
        (#"{"fail":"oops"}"#, "/params/fail must be an error code such as internal_error (is \"oops\")"),
    ])
    func init_badNoopParameter_namesIt(params: String, message: String) throws {
        #expect(try Self.message(#"{"type":"NOOP","params":\#(params)}"#) == message)
    }

    @Test(arguments: [
        ("RENDER", "{}", "/params/prompt is missing"), ("RENDER", #"{"prompt":" \n"}"#, "/params/prompt is missing"),
        ("IMG2VID", "{}", "/params/image is missing"), ("TTS", "{}", "/params/text is missing"),
        ("LIPSYNC", "{}", "/params/audio is missing"),
        ("RENDER", #"{"prompt":["p"]}"#, "/params/prompt must be a string (is an array)"),
        ("IMG2VID", #"{"image":""}"#, "/params/image must be a file name or a URL"),
        ("IMG2VID", #"{"image":"a\nb"}"#, "/params/image must be a file name or a URL"),
        ("RENDER", #"{"prompt":"p","duration":0.05}"#, "/params/duration must be 0.1 to 3600 (is 0.05)"),
        ("RENDER", #"{"prompt":"p","duration":3600.5}"#, "/params/duration must be 0.1 to 3600 (is 3600.5)"),
        ("RENDER", #"{"prompt":"p","fps":0}"#, "/params/fps must be 1 to 120 (is 0)"),
        (
            "RENDER", #"{"prompt":"p","num_frames":0}"#,
            "/params/num_frames must be a whole number from 1 to 216000 (is 0)"
        ),
        ("RENDER", #"{"prompt":"p","steps":1001}"#, "/params/steps must be a whole number from 1 to 1000 (is 1001)"),
        ("RENDER", #"{"prompt":"p","guidance":-0.5}"#, "/params/guidance must be 0 to 100 (is -0.5)"),
        ("RENDER", #"{"prompt":"p","seed":-1}"#, "/params/seed must be a whole number from 0 to 4294967295 (is -1)"),
        (
            "RENDER", #"{"prompt":"p","seed":1e300}"#,
            "/params/seed must be a whole number from 0 to 4294967295 (is 1e+300)"
        ),
        ("RENDER", #"{"prompt":"p","width":640}"#, "/params/height is needed beside width"),
        ("RENDER", #"{"prompt":"p","height":640}"#, "/params/width is needed beside height"),
        (
            "RENDER", #"{"prompt":"p","width":15,"height":640}"#,
            "/params/width must be a whole number from 16 to 8192 (is 15)"
        ),
        (
            "RENDER", #"{"prompt":"p","resolution":"4k"}"#,
            "/params/resolution must be 480p, 720p, 1080p or WxH (is \"4k\")"
        ),
        (
            "RENDER", #"{"prompt":"p","aspect_ratio":"wide"}"#,
            "/params/aspect_ratio must be W:H such as 16:9 or 9:16 (is \"wide\")"
        ),
    ])
    func init_badGeneratingParameter_namesIt(type: String, params: String, message: String) throws {
        #expect(try Self.message(#"{"type":"\#(type)","params":\#(params)}"#) == message)
    }
}
