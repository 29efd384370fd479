/// The charsets that mail is written in.
///
/// A list, because GMime remembers each name that it was ever asked for (3.2.13, `g_mime_charset_iconv_name`): names that a stranger makes up would
/// fill the server's memory.
enum Charset: Equatable {
    case utf8
    /// By the name that iconv knows.
    case other(String)

    static let fallback = "windows-1252"

    static func named(_ label: String) -> Charset? {
        let label = label.lowercased()
        switch label {
        case "utf-8", "utf8": return .utf8
        // Both are what senders say when they mean the letters of Windows; without a byte beyond ASCII it is all the same.
        case "us-ascii", "ascii", "ansi_x3.4-1968": return nil
        case "iso-8859-1", "iso8859-1", "latin1": return .other(fallback)
        case "x-sjis": return .other("shift_jis")
        case "ks_c_5601-1987", "cp949": return .other("uhc")
        case "gb2312", "gbk": return .other("gb18030")
        case "iso-8859-8-i": return .other("iso-8859-8")
        default: return known.contains(label) ? .other(label) : nil
        }
    }

    private static let known: Set<String> = Set(
        (2...16).map { "iso-8859-\($0)" } + (1250...1258).flatMap { ["windows-\($0)", "cp\($0)"] } + [
            "big5", "cp437", "cp850", "euc-jp", "euc-kr", "gb18030", "iso-2022-jp", "iso-2022-kr", "koi8-r", "koi8-u", "macintosh", "shift_jis",
            "tis-620", "utf-16", "utf-16be", "utf-16le", "windows-874",
        ])

    /// A field's value in which each charset that is named, of an encoded word or a parameter, is one of the list.
    /// - Source: RFC 2047 section 2 (`=?charset*language?`), RFC 2231 section 4 (`name*=charset'language'`).
    static func replacingUnknown(in value: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(value.count)
        var place = value.startIndex
        while place < value.endIndex {
            result.append(value[place])
            place += 1
            guard let kind = Mark(result) else { continue }
            // Some write parameters in quotes that should have none.
            while kind == .parameter, place < value.endIndex, value[place] == UInt8(ascii: "\"") || ASCII.isBlank(value[place]) {
                result.append(value[place])
                place += 1
            }
            let end = value[place...].firstIndex { !isLabel($0) } ?? value.endIndex
            guard end < value.endIndex, kind.ends(value[end]) else { continue }
            let label = value[place..<end]
            result += isKnown(label) ? Array(label) : Array("utf-8".utf8)
            place = end
        }
        return result
    }

    private static func isKnown(_ label: ArraySlice<UInt8>) -> Bool {
        let label = String(decoding: label, as: UTF8.self).lowercased()
        return named(label) != nil || label == "us-ascii"
    }

    private static func isLabel(_ byte: UInt8) -> Bool {
        byte > 32 && byte < 127 && !"?*'\";=".utf8.contains(byte)
    }

    /// After which bytes a charset's name comes.
    private enum Mark {
        case word, parameter

        init?(_ bytes: [UInt8]) {
            if bytes.suffix(2).elementsEqual("=?".utf8) {
                self = .word
            } else if bytes.suffix(2).elementsEqual("*=".utf8) {
                self = .parameter
            } else {
                return nil
            }
        }

        func ends(_ byte: UInt8) -> Bool {
            self == .word ? byte == UInt8(ascii: "?") || byte == UInt8(ascii: "*") : byte == UInt8(ascii: "'")
        }
    }
}
