import JobCore

/// Spoken words: espeak-ng where it is installed, else the voice inside ffmpeg (flite).
struct PreviewSpeech: Sendable, Equatable {
    /// Who speaks.
    enum Engine: Sendable, Equatable {
        case espeak(program: String)
        case flite
    }

    let engine: Engine
    /// The engine's own name of a voice.
    let voice: String?
    let scratch: String

    /// Files inside the scratch folder; only the last one stays.
    static let textName = "speech.txt", waveName = "speech.wav", partName = "speech.part.m4a", name = "speech.m4a"

    /// What every speech says of itself, in its recipe or alone.
    static let note = "Speech made by Kinospool on this machine."

    /// Voices that Debian's ffmpeg has built in.
    private static let fliteVoices = ["awb", "kal", "kal16", "rms", "slt"]

    /// Text to wave. The words come from a file: they are never an argument and never part of a filter graph.
    ///
    /// - Throws: `invalid_job` when the voice's name has characters that no voice has.
    func speaking(ffmpeg: String) throws(Failure) -> ProcessCommand {
        let isLegal = voice?.utf8.allSatisfy { byte in
            Character(Unicode.Scalar(byte)).isLetter && byte < 0x80
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-_+".utf8.contains(byte)
        }
        guard isLegal ?? true, voice?.hasPrefix("-") != true, voice != "" else {
            throw Failure(
                .invalidJob, "/params/voice is no name of a voice: letters, digits, - _ and + only.",
                hint: "See the names with: espeak-ng --voices")
        }
        switch engine {
        case .espeak(let program):
            let arguments = ["-v", voice ?? "en-us", "-s", "160", "-b", "1", "-w", Self.waveName, "-f", Self.textName]
            return ProcessCommand(program, arguments, in: scratch)
        case .flite:
            let name = voice.flatMap { Self.fliteVoices.contains($0) ? $0 : nil } ?? "slt"
            return ProcessCommand(
                ffmpeg,
                [
                    "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i",
                    "flite=textfile=\(Self.textName):voice=\(name)",
                    "-fflags", "+bitexact", "-f", "wav", "file:\(scratch)/\(Self.waveName)",
                ], in: scratch)
        }
    }

    /// Wave to AAC at 48 kHz stereo, about -16 LUFS.
    func encoding(ffmpeg: String) -> ProcessCommand {
        let stereo = "aresample=48000,aformat=sample_fmts=fltp:channel_layouts=stereo"
        return ProcessCommand(
            ffmpeg,
            [
                "-v", "error", "-nostdin", "-y", "-protocol_whitelist", "file", "-f", "wav",
                "-i", "file:\(scratch)/\(Self.waveName)",
            ] + FilmComment.input(scratch: scratch) + [
                "-map", "0:a:0",
                // loudnorm answers at 192 kHz: back to 48 afterwards.
                "-af", "\(stereo),loudnorm=I=-16:TP=-1.5:LRA=11,\(stereo)",
                "-c:a", "aac", "-b:a", "128k", "-ar", "48000", "-ac", "2",
            ] + FilmComment.output(index: 1) + [
                "-metadata", "title=Kinospool local speech", "-fflags", "+bitexact", "-flags:a", "+bitexact",
                "-movflags", "+faststart", "-f", "mp4", "file:\(scratch)/\(Self.partName)",
            ], in: scratch)
    }
}
