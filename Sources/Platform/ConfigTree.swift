/// A JSON document with nothing but its keys and their nesting.
enum ConfigTree: Decodable, Equatable {
    case object([String: ConfigTree])
    case list([ConfigTree])
    case scalar

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        do {
            let object = try decoder.container(keyedBy: Key.self)
            var entries: [String: ConfigTree] = [:]
            for key in object.allKeys { entries[key.stringValue] = try object.decode(ConfigTree.self, forKey: key) }
            self = .object(entries)
            return
        } catch DecodingError.typeMismatch {
            // No object: a list or a scalar.
        } catch DecodingError.valueNotFound {
            self = .scalar
            return
        }
        do {
            var list = try decoder.unkeyedContainer()
            var entries: [ConfigTree] = []
            while !list.isAtEnd { entries.append(try list.decode(ConfigTree.self)) }
            self = .list(entries)
        } catch DecodingError.typeMismatch {
            self = .scalar
        }
    }
}
