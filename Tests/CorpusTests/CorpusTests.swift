import Foundation
import FuzzTargets
import Testing

/// Every input that `tools/fuzz` keeps, and every one that ever broke something. A trap ends the whole run, and the log names the input before it.
struct CorpusTests {
    private static let corpus = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "tools/fuzz/corpus")

    @Test(arguments: FuzzTarget.all)
    func holdsOnEachInputThatIsKept(_ target: FuzzTarget) throws {
        let folder = Self.corpus.appending(path: target.name)
        let inputs = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).sorted { $0.path < $1.path }
        #expect(!inputs.isEmpty, "\(folder.path) is empty")
        let check = try target.begin()
        for input in inputs {
            let bytes = Array(try Data(contentsOf: input))
            #expect(throws: Never.self, "\(target.name)/\(input.lastPathComponent)") { try check(bytes) }
        }
    }

    @Test func eachFolderOfTheCorpusHasItsTarget() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.corpus.path)
        #expect(Set(folders) == Set(FuzzTarget.all.map(\.name)))
    }
}
