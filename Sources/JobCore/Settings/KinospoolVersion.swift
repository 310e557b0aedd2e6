/// The version of the product, as `--version` prints it and as films tell it.
public enum KinospoolVersion {
    public static let text = "0.1.0"
}
