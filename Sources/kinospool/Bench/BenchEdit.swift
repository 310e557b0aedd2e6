import Foundation
import JobCore

/// One edit of a film in all the ways that are measured: the same clips, cuts, captions and encoder settings.
struct BenchEdit: Sendable {
    /// Absolute path of the folder with the clips; everything is made there.
    let folder: String
    let film: (clips: Int, width: Int, height: Int, seconds: Double)

    /// Seconds that are cut off at both ends of a clip.
    static let trim = 0.5
    private static let picture = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p"]
    private static let sound = ["-c:a", "aac", "-b:a", "192k", "-ar", "48000", "-ac", "2"]
    private static let opening = ["-v", "error", "-nostdin", "-y"]

    /// Seconds that are left of each clip.
    private var length: Double { film.seconds - 2 * Self.trim }

    func clip(_ index: Int) -> String { "\(folder)/clip\(index).mp4" }

    private func caption(_ index: Int) -> String { "This is the caption of scene number \(index + 1)" }

    /// Makes one clip: a still picture that is panned over, with a moving box and grain, as heavy as generated films.
    func clipArguments(_ index: Int) -> [String] {
        let (width, height) = (film.width, film.height)
        let still =
            "gradients=s=\(width * 5 / 4)x\(height * 5 / 4):seed=\(index + 1):n=4:speed=0.00001,format=yuv420p"
            + ",noise=alls=60:all_seed=\(index + 1),gblur=sigma=1.2,trim=end_frame=1,loop=-1:1,setpts=N/24/TB,fps=24"
        let pan =
            "crop=\(width):\(height):x='\(width / 8)*(1+0.7*sin(t*0.9+\(index)))'"
            + ":y='\(height / 8)*(1+0.6*cos(t*0.7))'"
        let box = "drawbox=x='mod(t*200+\(index * 60),\(width))':y=\(height / 3):w=\(width / 10):h=\(height / 6)"
        return Self.opening + [
            "-f", "lavfi", "-i", "\(still),\(pan),noise=c0s=4:c0f=t,\(box):c=white@0.6:t=fill",
            "-f", "lavfi", "-i", "sine=f=\(220 + 20 * index):r=48000",
            "-t", "\(film.seconds)", "-c:v", "libx264", "-preset", "medium", "-crf", "20", "-pix_fmt", "yuv420p",
        ] + Self.sound + [clip(index)]
    }

    /// An .ass file with a caption over each cut clip.
    var captions: String {
        func time(_ seconds: Double) -> String {
            let hundredths = Int((seconds * 100).rounded())
            return String(format: "0:%02d:%02d.%02d", hundredths / 6000, hundredths / 100 % 60, hundredths % 100)
        }
        let lines = (0..<film.clips).map {
            "Dialogue: 0,\(time(Double($0) * length)),\(time(Double($0 + 1) * length)),Default,\(caption($0))\n"
        }
        return """
            [Script Info]
            PlayResX: 1280
            PlayResY: 720
            [V4+ Styles]
            Format: Name,Fontname,Fontsize,PrimaryColour,OutlineColour,BorderStyle,Outline,Alignment,MarginV
            Style: Default,DejaVu Sans,42,&H00FFFFFF,&H00000000,1,2,2,40
            [Events]
            Format: Layer,Start,End,Style,Text

            """ + lines.joined()
    }

    var captionsPath: String { "\(folder)/captions.ass" }

    /// All clips cut, joined and captioned by one graph.
    var oneGraph: [String] {
        let inputs = (0..<film.clips).flatMap { ["-ss", "\(Self.trim)", "-t", "\(length)", "-i", clip($0)] }
        return Self.opening + inputs + graph(film.clips, then: "subtitles=\(captionsPath)") + ["\(folder)/graph.mp4"]
    }

    /// Whole clips joined by one graph.
    func oneGraph(joining count: Int) -> [String] {
        Self.opening + (0..<count).flatMap { ["-i", clip($0)] } + graph(count, then: "null") + ["\(folder)/join.mp4"]
    }

    private func graph(_ count: Int, then filter: String) -> [String] {
        let links = (0..<count).map { "[\($0):v][\($0):a]" }.joined()
        return [
            "-filter_complex", "\(links)concat=n=\(count):v=1:a=1[c][a];[c]\(filter)[v]", "-map", "[v]", "-map", "[a]",
        ]
            + Self.picture + Self.sound
    }

    /// Each clip to a file of its own, these joined, and the captions in a third pass.
    var naive: [[String]] {
        let list = "\(folder)/list.txt"
        let cuts = (0..<film.clips).map {
            Self.opening + ["-ss", "\(Self.trim)", "-i", clip($0), "-t", "\(length)"] + Self.picture + Self.sound
                + ["\(folder)/cut\($0).mp4"]
        }
        let joined = "\(folder)/joined.mp4"
        return cuts + [
            Self.opening + ["-f", "concat", "-safe", "0", "-i", list, "-c", "copy", joined],
            Self.opening + ["-i", joined, "-vf", "subtitles=\(captionsPath)"] + Self.picture
                + ["-c:a", "copy", "\(folder)/naive.mp4"],
        ]
    }

    /// What `naive` joins.
    var naiveList: String { (0..<film.clips).map { "file '\(folder)/cut\($0).mp4'\n" }.joined() }

    /// The same with MoviePy 2.
    var moviePy: String {
        """
        from moviepy import VideoFileClip, TextClip, CompositeVideoClip, concatenate_videoclips
        cuts = []
        for i in range(\(film.clips)):
            v = VideoFileClip(f'\(folder)/clip{i}.mp4').subclipped(\(Self.trim), \(Self.trim + length))
            t = TextClip(font='/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf',
                         text=f'This is the caption of scene number {i + 1}', font_size=\(film.height * 42 / 720 + 1),
                         color='white', stroke_color='black', stroke_width=2)
            t = t.with_duration(v.duration).with_position(('center', \(film.height * 8 / 9)))
            cuts.append(CompositeVideoClip([v, t]))
        concatenate_videoclips(cuts).write_videofile(
            '\(folder)/moviepy.mp4', fps=24, codec='libx264', audio_codec='aac', preset='veryfast', threads=2,
            ffmpeg_params=['-crf', '20', '-pix_fmt', 'yuv420p'], logger=None,
            temp_audiofile='\(folder)/moviepy.m4a')
        """
    }

    /// The job that asks for the same.
    ///
    /// - Parameters:
    ///   - order: the clips by their numbers, nil for all in turn.
    ///   - caption: in place of the first clip's.
    ///   - music: a file to lay under it.
    func job(order: [Int]? = nil, caption: String? = nil, music: String? = nil) -> JSONValue {
        let clips = (order ?? Array(0..<film.clips)).map { index -> JSONValue in
            [
                "path": .string(clip(index)), "start": .number(Self.trim), "end": .number(Self.trim + length),
                "caption": .string(index == 0 ? caption ?? self.caption(0) : self.caption(index)),
            ]
        }
        var params: [String: JSONValue] = ["clips": .array(clips)]
        if let music { params["audio"] = [["path": .string(music), "loop": true, "volume": 0.2]] }
        return ["type": .string(JobType.export.rawValue), "params": .object(params)]
    }

    /// The job that joins whole clips.
    ///
    /// - Parameter isSoundLeft: the sound stays as it is, as in the one graph.
    func job(joining count: Int, isSoundLeft: Bool) -> JSONValue {
        var params: [String: JSONValue] = ["clips": .array((0..<count).map { .string(clip($0)) })]
        if isSoundLeft { params["loudness"] = "off" }
        return ["type": .string(JobType.export.rawValue), "params": .object(params)]
    }
}
