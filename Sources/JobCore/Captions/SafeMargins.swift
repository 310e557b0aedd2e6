/// How far captions stay from the edges, in pixels, so that nothing covers or cuts them.
///
/// Wide and square pictures: the title-safe area of broadcasters, 5 % at each edge, a little more below where players
/// show their controls (EBU R 95). Tall ones: what TikTok, Reels and Shorts lay over a film, about a tenth above and at
/// the right, a fifth below.
struct SafeMargins: Equatable {
    let side: Int, top: Int, bottom: Int

    /// Tall is all that is narrower than 2:3.
    init(_ size: FrameSize) {
        let isTall = size.width * 3 < size.height * 2
        func share(_ share: Double, of length: Int) -> Int { Int((Double(length) * share).rounded()) }
        side = share(isTall ? 0.11 : 0.06, of: size.width)
        top = share(isTall ? 0.11 : 0.06, of: size.height)
        bottom = share(isTall ? 0.21 : 0.07, of: size.height)
    }
}
