import Foundation
import Testing

/// What keeps the house livable: sizes, leftovers, and files that no longer say the truth.
struct FileTests {
    private static let sources = ["Sources", "Tests", "tools"]

    @Test func noSourceFileGrowsPastFourHundredLines() throws {
        for folder in Self.sources {
            for file in try Tree.swiftFiles(below: folder) {
                let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false).count
                #expect(lines <= 400, "\(file.path) has \(lines) lines: look for the seam")
            }
        }
    }

    @Test func nothingIsLeftUnfinishedOrForced() throws {
        for file in try Tree.swiftFiles(below: "Sources") {
            let text = try String(contentsOf: file, encoding: .utf8)
            for word in ["TODO", "FIXME", "XXX", "fatalError(", "try!", "as!"] { #expect(!text.contains(word), "\(file.path) has \(word)") }
        }
    }

    @Test func everyRoomStandsOnTheMap() throws {
        let map = try String(contentsOf: Tree.root.appending(path: "Sources/README.md"), encoding: .utf8)
        for room in try Tree.folders(in: "Sources") { #expect(map.contains(room), "Sources/README.md does not name \(room)") }
    }

    /// Foundation brings 30 MB of ICU into a static program; its essentials do not.
    @Test func noRoomImportsAllOfFoundation() throws {
        for file in try Tree.swiftFiles(below: "Sources") { #expect(try !Tree.imports(of: file).contains("Foundation"), "\(file.path)") }
    }
}
