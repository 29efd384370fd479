/// Base64 with the URL alphabet and no padding, strict: a stray character or leftover bits are not decoded.
///
/// Written here because Foundation only knows the other alphabet, and a detour through it costs a poll more than its MAC.
/// - Source: RFC 4648 section 5, RFC 7515 appendix C.
package enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 0xFF, count: 256)
        for (value, character) in alphabet.enumerated() { table[Int(character)] = UInt8(value) }
        return table
    }()

    package static func append(_ bytes: some Collection<UInt8>, to text: inout [UInt8]) {
        // The loop is over plain memory: over a generic collection it would cost a call for each byte.
        if bytes.withContiguousStorageIfAvailable({ append($0, to: &text) }) == nil { Array(bytes).withUnsafeBufferPointer { append($0, to: &text) } }
    }

    package static func encode(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        append(bytes, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        text.withContiguousStorageIfAvailable(decode(buffer:)) ?? Array(text).withUnsafeBufferPointer(decode(buffer:))
    }

    package static func decode(_ text: String) -> [UInt8]? { decode(text.utf8) }

    private static func append(_ bytes: UnsafeBufferPointer<UInt8>, to text: inout [UInt8]) {
        text.reserveCapacity(text.count + (bytes.count * 4 + 2) / 3)
        alphabet.withUnsafeBufferPointer { alphabet in
            var place = 0
            while place + 2 < bytes.count {
                let group = Int(bytes[place]) << 16 | Int(bytes[place + 1]) << 8 | Int(bytes[place + 2])
                text.append(alphabet[group >> 18])
                text.append(alphabet[group >> 12 & 63])
                text.append(alphabet[group >> 6 & 63])
                text.append(alphabet[group & 63])
                place += 3
            }
            switch bytes.count - place {
            case 1:
                text.append(alphabet[Int(bytes[place]) >> 2])
                text.append(alphabet[Int(bytes[place]) << 4 & 63])
            case 2:
                let group = Int(bytes[place]) << 8 | Int(bytes[place + 1])
                text.append(alphabet[group >> 10])
                text.append(alphabet[group >> 4 & 63])
                text.append(alphabet[group << 2 & 63])
            default: break
            }
        }
    }

    private static func decode(buffer text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count * 3 / 4)
        let isGood = values.withUnsafeBufferPointer { values in
            var buffer: UInt32 = 0
            var bits: UInt32 = 0
            for character in text {
                let value = values[Int(character)]
                guard value != 0xFF else { return false }
                buffer = buffer << 6 | UInt32(value)
                bits += 6
                if bits >= 8 {
                    bits -= 8
                    bytes.append(UInt8(truncatingIfNeeded: buffer >> bits))
                }
            }
            return buffer & ((1 << bits) - 1) == 0
        }
        return isGood ? bytes : nil
    }
}
