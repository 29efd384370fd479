private import FoundationEssentials

/// What a configuration file is decoded into.
package protocol ConfigDecodable: Decodable {
    /// The keys it may hold.
    static var shape: ConfigShape { get }
}

/// Configuration files: JSON with comments, trailing commas and unquoted keys (JSON5). An unknown key is an error.
package enum ConfigFile {
    /// 1 MiB: a file beyond it is not one that a person wrote.
    private static let limit = 1 << 20

    package static func load<Config: ConfigDecodable>(_ type: Config.Type, from path: String) throws(ConfigError) -> Config {
        let bytes: [UInt8]
        do {
            bytes = try File.read(path, limit: limit)
        } catch {
            throw ConfigError(path: path, problem: error.description)
        }
        return try parse(type, from: bytes, path: path)
    }

    /// As `load`, of bytes that are there already; `path` is for the error.
    package static func parse<Config: ConfigDecodable>(
        _ type: Config.Type, from bytes: [UInt8], path: String
    ) throws(ConfigError) -> Config {
        // The reader of JSON5 traps on bytes that are no letter outside a text (FoundationEssentials of Swift 6.3): they never come to it.
        guard String(validating: bytes, as: UTF8.self) != nil else { throw ConfigError(path: path, problem: "the file must be written in UTF-8") }
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        let data = Data(bytes)
        do {
            let tree = try decoder.decode(ConfigTree.self, from: data)
            guard case .object = tree else { throw ConfigError(path: path, problem: "the file must hold one JSON object: { … }") }
            if let complaint = type.shape.complaint(about: tree) { throw ConfigError(path: path, problem: complaint) }
            return try decoder.decode(type, from: data)
        } catch let error as ConfigError {
            throw error
        } catch let error as DecodingError {
            throw ConfigError(path: path, problem: sentence(error))
        } catch {
            throw ConfigError(path: path, problem: "\(error)")
        }
    }

    private static func sentence(_ error: DecodingError) -> String {
        switch error {
        case .typeMismatch(let type, let context): "key \"\(name(context.codingPath))\" must be \(kind(type))"
        case .valueNotFound(let type, let context): "key \"\(name(context.codingPath))\" is null and must be \(kind(type))"
        case .keyNotFound(let key, let context): "key \"\(name(context.codingPath + [key]))\" is missing"
        // FoundationEssentials does not say where.
        case .dataCorrupted(let context) where context.codingPath.isEmpty: "not valid JSON: look at its commas, quotes and braces"
        case .dataCorrupted(let context): "key \"\(name(context.codingPath))\": \(context.debugDescription)"
        @unknown default: "\(error)"
        }
    }

    private static func name(_ path: [any CodingKey]) -> String {
        path.reduce("") { name, key in
            if let index = key.intValue { return "\(name)[\(index)]" }
            return name.isEmpty ? key.stringValue : "\(name).\(key.stringValue)"
        }
    }

    private static func kind(_ type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is any BinaryInteger.Type: "a whole number"
        case is any BinaryFloatingPoint.Type: "a number"
        case is [Any].Type: "a list"
        case is [String: Any].Type: "an object"
        default: "a \(type)"
        }
    }
}
