import Glibc
import Platform
import Testing

@Suite struct AppendFileTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    @Test func appendsAcrossOpenings() throws {
        let path = scratch.file("spool")
        do {
            let file = try AppendFile(path, mode: 0o600)
            try file.append([1, 2])
            try file.synchronise()
        }
        let file = try AppendFile(path, mode: 0o600)
        #expect(file.size == 2)
        try file.append([3])
        #expect(try File.read(path, limit: 10) == [1, 2, 3])
        #expect(file.size == 3)
    }

    @Test func appendsAfterTheCut() throws {
        let file = try AppendFile(scratch.file("spool"), mode: 0o600)
        try file.append([1, 2, 3])
        try file.truncate(to: 1)
        try file.append([9])
        #expect(try File.read(file.path, limit: 10) == [1, 9])
    }

    @Test(.enabled(if: getuid() == 0, "a full disk is made with mount(2)")) func keepsNothingOfARecordThatDidNotFit() throws {
        guard scratch.becomeSmall() else { return }
        let file = try AppendFile(scratch.file("spool"), mode: 0o600)
        try file.append([UInt8](repeating: 1, count: 40_000))
        #expect(throws: SystemError.self) { try file.append([UInt8](repeating: 2, count: 40_000)) }
        #expect(file.size == 40_000)
        #expect(try File.read(file.path, limit: 70_000) == [UInt8](repeating: 1, count: 40_000))
        try file.append([3])
        #expect(file.size == 40_001)
    }
}
