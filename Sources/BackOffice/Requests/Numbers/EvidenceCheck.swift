import FoundationEssentials
import Store
import Wire

/// Whether what came with a request to change a linked number is evidence: all kinds, each once, each readable as what it says it is.
enum EvidenceCheck {
    private static let longestText = 4000
    /// "bought airtime yesterday": fewer words tell nothing of a conversation or a sale.
    private static let fewestWords = 3

    /// - Throws: `invalid_evidence` with what is missing.
    static func records(of pieces: [NewNumberChangeBody.Piece], change id: String) throws -> [EvidenceRecord] {
        for kind in EvidenceKind.allCases {
            let count = pieces.count { $0.kind == kind }
            guard count == 1 else {
                let found = count == 0 ? "missing" : "there \(count) times"
                throw refusal("'\(kind.rawValue)' is \(found). Give each of \(EvidenceKind.list) once")
            }
        }
        return try pieces.map { piece in
            let text = try text(of: piece)
            let picture = try picture(of: piece)
            return EvidenceRecord(
                changeID: id, kind: piece.kind.rawValue, text: text, contentType: picture?.kind.rawValue, content: picture?.content)
        }
    }

    private static func text(of piece: NewNumberChangeBody.Piece) throws -> String {
        let text = piece.text?.trimmed ?? ""
        guard text.count <= longestText else { throw refusal("The text of '\(piece.kind.rawValue)' is longer than \(longestText) characters") }
        guard piece.kind.isPicture || text.split(whereSeparator: \.isWhitespace).count >= fewestWords else {
            throw refusal("The text of '\(piece.kind.rawValue)' is too short. Write what was said or sold, and when")
        }
        return text
    }

    private static func picture(of piece: NewNumberChangeBody.Piece) throws -> (kind: EvidencePicture, content: [UInt8])? {
        let name = piece.kind.rawValue
        guard let encoded = piece.content, !encoded.isEmpty else {
            guard piece.kind.isPicture || piece.content_type != nil else { return nil }
            throw refusal("'\(name)' has no picture. Send it in 'content' in Base64, and its type in 'content_type'")
        }
        guard let kind = piece.content_type.flatMap(EvidencePicture.init(rawValue:)) else {
            throw refusal("The content_type of '\(name)' is none of \(EvidencePicture.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        guard let content = Data(base64Encoded: encoded) else { throw refusal("The content of '\(name)' is not Base64 (RFC 4648 section 4)") }
        guard content.count <= EvidencePicture.limit else {
            throw refusal("The picture of '\(name)' has \(content.count) bytes; \(EvidencePicture.limit) are taken. Send a smaller one")
        }
        let bytes = Array(content)
        guard kind.begins(bytes) else { throw refusal("The picture of '\(name)' does not begin as \(kind.rawValue) does. Send the file itself") }
        return (kind, bytes)
    }

    private static func refusal(_ detail: String) -> Problem { Problem(.invalidEvidence, detail + ".") }
}
