import FoundationEssentials

/// Why bytes from outside are not the JSON that was expected.
package struct JSONRefusal: Error, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable { case notUTF8 = "not_utf8", tooDeep = "too_deep", malformed = "malformed_json", wrongShape = "invalid_body" }
    package let code: Code
    package let description: String

    package init(code: Code, description: String) {
        self.code = code
        self.description = description
    }
}

/// JSON in and out, with the checks that every message from outside gets.
package enum JSON {
    /// Deeper nesting than any message of ours has; a guard against stack exhaustion.
    package static let maximumDepth = 32

    package static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws(JSONRefusal) -> Value {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw JSONRefusal(code: .notUTF8, description: "The body is not UTF-8. Send JSON in UTF-8.")
        }
        guard depth(of: bytes) <= maximumDepth else {
            throw JSONRefusal(code: .tooDeep, description: "The body nests deeper than \(maximumDepth) levels.")
        }
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw refusal(for: error)
        } catch {
            throw JSONRefusal(code: .malformed, description: "The body is not JSON.")
        }
    }

    /// Sorted keys, so that the same value is always the same bytes.
    package static func encode(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(value))
        } catch {
            preconditionFailure("a message of ours could not be encoded: \(error)")
        }
    }

    private static func depth(of bytes: [UInt8]) -> Int {
        var depth = 0, deepest = 0, inString = false, escaped = false
        for byte in bytes {
            if inString {
                if escaped { escaped = false } else if byte == UInt8(ascii: "\\") { escaped = true } else if byte == UInt8(ascii: "\"") { inString = false }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): inString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                deepest = max(deepest, depth)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
        }
        return deepest
    }

    private static func refusal(for error: DecodingError) -> JSONRefusal {
        func field(_ path: [any CodingKey]) -> String {
            path.map { key in key.intValue.map { "[\($0)]" } ?? key.stringValue }.joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, let context):
            return JSONRefusal(code: .wrongShape, description: "The field '\(field(context.codingPath + [key]))' is missing.")
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return JSONRefusal(code: .wrongShape, description: "The field '\(field(context.codingPath))' has the wrong type.")
        case .dataCorrupted(let context):
            if context.codingPath.isEmpty { return JSONRefusal(code: .malformed, description: "The body is not JSON.") }
            return JSONRefusal(code: .wrongShape, description: "The field '\(field(context.codingPath))' is not valid: \(context.debugDescription)")
        @unknown default:
            return JSONRefusal(code: .malformed, description: "The body is not JSON.")
        }
    }
}
