private import Wire

/// How the notes of one subject are chained: each hash covers the hash before it and the note's content.
///
/// The canonical form is a row of netstrings (`<bytes>:<text>,`), absent fields written as `-,`:
/// `vendlock-note-1`, previous hash, subject (`account:REF`, `device:IMEI` or `office`), Unix time in ms, actor, role, via,
/// source address, kind, text, ticket. The first note's previous hash is 64 zeros. The hash is SHA-256, lower-case hex.
///
/// The digest is handed in, so that this room needs no library.
/// - Source: netstrings, https://cr.yp.to/proto/netstrings.txt
package struct NoteChain: Sendable {
    /// What stands before a subject's first note.
    package static let start = String(repeating: "0", count: 64)

    private let sha256: @Sendable ([UInt8]) -> [UInt8]

    package init(sha256: @escaping @Sendable ([UInt8]) -> [UInt8]) {
        self.sha256 = sha256
    }

    package func hash(of note: NewNote, after previous: String) -> String {
        let digits: StaticString = "0123456789abcdef"
        let digest = sha256(Self.canonical(note, after: previous))
        return String(unsafeUninitializedCapacity: digest.count * 2) { text in
            for (place, byte) in digest.enumerated() {
                text[place * 2] = digits.utf8Start[Int(byte >> 4)]
                text[place * 2 + 1] = digits.utf8Start[Int(byte & 15)]
            }
            return digest.count * 2
        }
    }

    package static func canonical(_ note: NewNote, after previous: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256 + note.text.utf8.count)
        append("vendlock-note-1", to: &bytes)
        append(previous, to: &bytes)
        append(note.subject.text, to: &bytes)
        append(String(note.at.unixMilliseconds), to: &bytes)
        append(note.actor, to: &bytes)
        append(note.role?.rawValue, to: &bytes)
        append(note.via, to: &bytes)
        append(note.sourceAddress, to: &bytes)
        append(note.kind, to: &bytes)
        append(note.text, to: &bytes)
        append(note.ticket, to: &bytes)
        return bytes
    }

    /// A netstring, or what stands for none.
    private static func append(_ field: String?, to bytes: inout [UInt8]) {
        guard let field else { return bytes.append(contentsOf: "-,".utf8) }
        bytes.append(contentsOf: String(field.utf8.count).utf8)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(contentsOf: field.utf8)
        bytes.append(UInt8(ascii: ","))
    }
}
