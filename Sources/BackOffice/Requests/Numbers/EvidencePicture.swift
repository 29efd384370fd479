/// The kinds of file that a picture of evidence may be, by their media types.
package enum EvidencePicture: String, CaseIterable, Sendable {
    case jpeg = "image/jpeg"
    case png = "image/png"
    case webp = "image/webp"
    case pdf = "application/pdf"

    /// Bytes of one, decoded: a photograph of a page, well readable.
    package static let limit = 2 << 20

    /// Which of them these bytes are.
    package init?(of content: [UInt8]) {
        guard let kind = Self.allCases.first(where: { $0.begins(content) }) else { return nil }
        self = kind
    }

    /// Whether the bytes begin as such a file does.
    /// - Source: ITU-T T.81 B.1.1.3, PNG (W3C) 5.2, RFC 9649 section 2.4, ISO 32000-2 section 7.5.2.
    package func begins(_ content: [UInt8]) -> Bool {
        switch self {
        case .jpeg: content.starts(with: [0xFF, 0xD8, 0xFF])
        case .png: content.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        case .webp: content.starts(with: "RIFF".utf8) && content.dropFirst(8).starts(with: "WEBP".utf8)
        case .pdf: content.starts(with: "%PDF-".utf8)
        }
    }
}
