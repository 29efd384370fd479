import FoundationEssentials

/// Why bytes from outside are not the JSON that was expected.
package struct JSONRefusal: Error, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case notUTF8 = "not_utf8"
        case tooDeep = "too_deep"
        case malformed = "malformed_json"
        case wrongShape = "invalid_body"
        // A name of ours that a text is not.
        case invalidIMEI = "invalid_imei"
        case invalidReference = "invalid_reference"
        case invalidChannel = "unknown_channel"
    }
    package let code: Code
    package let description: String

    package init(code: Code, description: String) {
        self.code = code
        self.description = description
    }
}

/// Why a text is not one of our names; travels as the underlying error of a `DecodingError`, so that the refusal can say which.
protocol JSONNameRefusal: Error {
    var jsonCode: JSONRefusal.Code { get }
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
            throw refusal(for: error, in: bytes)
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
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
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

    /// Takes any JSON, and reads its numbers in the widest type, because the decoder looks at a number only when it is asked for.
    private struct Anything: Decodable {
        private struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            // What is no object is a list, and what is neither is a value.
            if let object = try? decoder.container(keyedBy: Key.self) {
                for key in object.allKeys { _ = try object.decode(Anything.self, forKey: key) }
            } else if var list = try? decoder.unkeyedContainer() {
                while !list.isAtEnd { _ = try list.decode(Anything.self) }
            } else {
                do { _ = try decoder.singleValueContainer().decode(Double.self) } catch DecodingError.typeMismatch, DecodingError.valueNotFound {}
            }
        }
    }

    private static func refusal(for error: DecodingError, in bytes: [UInt8]) -> JSONRefusal {
        func field(_ path: [any CodingKey]) -> String {
            path.map { key in key.intValue.map { "[\($0)]" } ?? key.stringValue }.joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, let context):
            return JSONRefusal(code: .wrongShape, description: "The field '\(field(context.codingPath + [key]))' is missing.")
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return JSONRefusal(code: .wrongShape, description: "The field '\(field(context.codingPath))' has the wrong type.")
        case .dataCorrupted(let context):
            if !context.codingPath.isEmpty {
                let code = (context.underlyingError as? any JSONNameRefusal)?.jsonCode ?? .wrongShape
                return JSONRefusal(code: code, description: "The field '\(field(context.codingPath))' is not valid: \(context.debugDescription)")
            }
            // The decoder tells a number that its type cannot hold as it tells broken JSON, without the field; a second look tells them apart.
            guard (try? JSONDecoder().decode(Anything.self, from: Data(bytes))) != nil else {
                return JSONRefusal(code: .malformed, description: "The body is not JSON.")
            }
            return JSONRefusal(code: .wrongShape, description: "A number in the body does not fit its field: it has a fraction, or is too large.")
        @unknown default:
            return JSONRefusal(code: .malformed, description: "The body is not JSON.")
        }
    }
}
