import BackOffice
import Platform

/// A secret of the configuration: the text itself, or `{"file": PATH}`, whose content it is, without the line end.
struct Secret: Decodable {
    static let shape = ConfigShape.keys("file")

    private enum Source {
        case text(String)
        case file(String)
    }

    private struct InFile: Decodable { let file: String }

    private let source: Source

    init(from decoder: any Decoder) throws {
        do {
            source = .text(try decoder.singleValueContainer().decode(String.self))
        } catch DecodingError.typeMismatch {
            do { source = .file(try InFile(from: decoder).file) } catch DecodingError.typeMismatch {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "give a text, or {\"file\": PATH} of a file that holds it"))
            }
        }
    }

    /// - Parameter key: for the error: `whatsapp.app_secret`.
    func text(_ key: String) throws(CommandLineError) -> String {
        let text: String
        switch source {
        case .text(let given): text = given
        case .file(let path):
            do {
                text = String(decoding: try File.read(path, limit: 64 << 10), as: UTF8.self)
            } catch { throw CommandLineError("\(key): \(error)") }
        }
        let trimmed = text.trimmed
        guard !trimmed.isEmpty else { throw CommandLineError("\(key) is empty: give it, or leave the section out") }
        return trimmed
    }
}
