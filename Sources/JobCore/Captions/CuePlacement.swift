/// Layer and margins of one event of an ASS file.
public struct CuePlacement: Sendable, Equatable {
    /// Higher layers are drawn over lower ones.
    public var layer: Int
    /// In the file's own pixels (PlayRes); 0 takes the style's.
    public var left: Int, right: Int, vertical: Int

    public init(layer: Int = 0, left: Int = 0, right: Int = 0, vertical: Int = 0) {
        (self.layer, self.left, self.right, self.vertical) = (layer, left, right, vertical)
    }
}
