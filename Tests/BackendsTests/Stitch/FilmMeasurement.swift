import Foundation
import JobCore

@testable import Backends

/// What eye and ear find in a film: when it flashes, when it sounds.
struct FilmMeasurement {
    /// Seconds at which the picture turns white, and at which a tone begins.
    let flashes: [Double], tones: [Double]
    let frameCount: Int
    /// Seconds of sound that decode.
    let soundLength: Double

    private static let sampleRate = 48_000, white = 65.0

    init(_ path: String, in scratch: Scratch) async throws {
        let look = [
            "-v", "error", "-nostdin", "-i", path, "-map", "0:v:0", "-vf",
            "scale=16:16,signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-", "-f", "null", "-",
        ]
        let (outcome, text) = try await ProcessRunner().collect(ProcessCommand("ffmpeg", look, in: scratch.root)) { _ in
        }
        try outcome.requireSuccess(of: ProcessCommand("ffmpeg", look, in: scratch.root))
        (flashes, frameCount) = Self.flashes(text)
        let raw = "\(scratch.root)/\(UUID().uuidString).raw"
        defer { try? FileManager.default.removeItem(atPath: raw) }
        try await scratch.ffmpeg([
            "-i", path, "-map", "0:a:0", "-ac", "1", "-ar", "\(Self.sampleRate)", "-f", "s16le", raw,
        ])
        (tones, soundLength) = Self.tones(try scratch.bytes(raw))
    }

    private static func flashes(_ text: String) -> ([Double], Int) {
        var (moments, count): ([Double], Int) = ([], 0)
        var (time, wasWhite) = (0.0, false)
        for line in text.split(separator: "\n") {
            if let range = line.range(of: "pts_time:") {
                time = Double(line[range.upperBound...].trimmingCharacters(in: .whitespaces)) ?? -1
                count += 1
            } else if let equals = line.firstIndex(of: "="), let luma = Double(line[line.index(after: equals)...]) {
                // White between black bars is still twice as light as all grey.
                if luma > Self.white, !wasWhite { moments.append(time) }
                wasWhite = luma > Self.white
            }
        }
        return (moments, count)
    }

    private static func tones(_ data: Data) -> ([Double], Double) {
        let samples = data.withUnsafeBytes { Array($0.bindMemory(to: Int16.self)) }
        var moments: [Double] = []
        var quiet = sampleRate
        for (index, sample) in samples.enumerated() {
            if abs(Int(sample)) > 1500 {
                // A tone crosses zero all the time: only after a tenth of a second of quiet another one begins.
                if quiet > sampleRate / 10 { moments.append(Double(index) / Double(sampleRate)) }
                quiet = 0
            } else {
                quiet += 1
            }
        }
        return (moments, Double(samples.count) / Double(sampleRate))
    }
}
