/// Which keys a configuration file may hold.
package indirect enum ConfigShape: Equatable, Sendable {
    /// Anything: its type is the decoder's to check.
    case value
    /// An object with these keys, or a plain value in its place (a secret is a string or `{"file": PATH}`).
    case object([String: ConfigShape])
    case list(ConfigShape)

    /// An object whose keys all hold values.
    package static func keys(_ names: String...) -> ConfigShape {
        .object(Dictionary(uniqueKeysWithValues: names.map { ($0, .value) }))
    }

    /// The first key that is not known, if any: `unknown key "lease.tll"; did you mean "ttl"?`
    func complaint(about tree: ConfigTree, at path: String = "") -> String? {
        switch (self, tree) {
        case (.object(let known), .object(let entries)):
            for (key, entry) in entries.sorted(by: { $0.key < $1.key }) {
                let full = path.isEmpty ? key : "\(path).\(key)"
                guard let shape = known[key] else { return "unknown key \"\(full)\"\(Nearest.hint(key, in: known.keys.sorted()))" }
                if let complaint = shape.complaint(about: entry, at: full) { return complaint }
            }
            return nil
        case (.list(let element), .list(let entries)):
            for (index, entry) in entries.enumerated() {
                if let complaint = element.complaint(about: entry, at: "\(path)[\(index)]") { return complaint }
            }
            return nil
        default: return nil
        }
    }
}
