/// The filters that bring a picture of any shape into the film's frame.
struct FrameFit {
    private let fit: TimelineClip.Fit
    private let source: SourceFacts.Video?
    private let size: FrameSize
    /// Makes the names of links in the graph unique.
    private let label: String

    init(_ fit: TimelineClip.Fit, of source: SourceFacts.Video?, into size: FrameSize, label: String) {
        (self.fit, self.source, self.size, self.label) = (fit, source, size, label)
    }

    /// Beginning with a comma, or nothing where the picture fits as it is.
    var filters: String {
        guard let source else { return "" }
        let square = source.hasSquarePixels ? "" : ",scale=w=iw*sar:h=ih,setsar=1"
        if source.hasSquarePixels, source.size == size { return "" }
        let frame = "w=\(size.width):h=\(size.height)"
        switch fit {
        case .stretch: return ",scale=\(frame):flags=bicubic"
        case .contain:
            return "\(square),scale=\(frame):force_original_aspect_ratio=decrease:flags=bicubic"
                + ",pad=\(frame):x=(ow-iw)/2:y=(oh-ih)/2"
        case .cover:
            return "\(square),scale=\(frame):force_original_aspect_ratio=increase:flags=bicubic"
                + ",crop=\(frame)"
        case .blur:
            let sigma = DecimalText.short(Double(min(size.width, size.height)) / 36)
            return "\(square),split[f\(label)][b\(label)]"
                + ";[b\(label)]scale=\(frame):force_original_aspect_ratio=increase:flags=bilinear"
                + ",crop=\(frame),gblur=sigma=\(sigma),eq=brightness=-0.06[g\(label)]"
                + ";[f\(label)]scale=\(frame):force_original_aspect_ratio=decrease:flags=bicubic[s\(label)]"
                + ";[g\(label)][s\(label)]overlay=x=(W-w)/2:y=(H-h)/2:format=yuv420"
        }
    }
}
