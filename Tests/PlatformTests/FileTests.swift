import Glibc
import Platform
import Testing

@Suite struct FileTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    @Test func writesAndReadsBackWithExactlyTheModeAskedFor() throws {
        let path = scratch.file("state")
        try AtomicFile.write([1, 2, 3], to: path, mode: 0o600)
        try AtomicFile.write([4, 5], to: path, mode: 0o666)
        #expect(try File.read(path, limit: 2) == [4, 5])
        #expect(mode(of: path) == 0o666)
        #expect(scratch.names() == ["state"])
    }

    @Test func takesOverAfterATemporaryFileThatAPowerCutLeft() throws {
        let path = scratch.file("state")
        try AtomicFile.write([9, 9, 9, 9], to: path + ".tmp", mode: 0o600)
        try AtomicFile.write([1], to: path, mode: 0o600)
        #expect(try File.read(path, limit: 10) == [1])
        #expect(scratch.names() == ["state"])
    }

    @Test(.enabled(if: getuid() == 0, "a full disk is made with mount(2)")) func leavesTheOldFileWhenTheDiskIsFull() throws {
        guard scratch.becomeSmall() else { return }
        let path = scratch.file("state")
        try AtomicFile.write([7], to: path, mode: 0o600)
        let error = #expect(throws: SystemError.self) {
            try AtomicFile.write([UInt8](repeating: 1, count: 100_000), to: path, mode: 0o600)
        }
        #expect(error?.isDiskFull == true)
        #expect(try File.read(path, limit: 10) == [7])
        #expect(scratch.names() == ["state"])
    }

    @Test(arguments: ["state", "state.tmp"]) func removesAnEmptyDirectoryInItsPlace(_ taken: String) throws {
        try Directory.create(scratch.file(taken), mode: 0o700)
        try AtomicFile.write([1], to: scratch.file("state"), mode: 0o600)
        #expect(try File.read(scratch.file("state"), limit: 1) == [1])
        #expect(scratch.names() == ["state"])
    }

    /// However often it is put there, and whatever has the name of the one before.
    @Test(arguments: ["state", "state.tmp"]) func movesADirectoryThatHoldsSomethingOutOfItsPlace(_ taken: String) throws {
        let file = scratch.file("state")
        for round in 1...3 {
            try File.remove(file)
            try Directory.create(scratch.file(taken) + "/inside", mode: 0o700)
            try AtomicFile.write([UInt8(round)], to: file, mode: 0o600)
            #expect(try File.read(file, limit: 1) == [UInt8(round)])
            let names = scratch.names()
            #expect(names.contains("state") && names.count == 1 + round, "\(names)")
            #expect(names.allSatisfy { $0 == "state" || $0.hasPrefix("\(taken).damaged-") }, "\(names)")
        }
    }

    @Test func failsCleanlyWhereNothingCanBeReplaced() throws {
        try AtomicFile.write([7], to: scratch.file("file"), mode: 0o600)
        #expect(throws: SystemError.self) { try AtomicFile.write([1], to: scratch.file("file/state"), mode: 0o600) }
        #expect(scratch.names() == ["file"])
    }

    @Test func refusesAFileBeyondTheLimit() throws {
        let path = scratch.file("big")
        try AtomicFile.write([UInt8](repeating: 1, count: 100), to: path, mode: 0o600)
        #expect(throws: SystemError("read", path, code: EFBIG)) { try File.read(path, limit: 99) }
        #expect(try File.read(path, limit: 100).count == 100)
    }

    @Test func saysThatAFileIsMissing() throws {
        let path = scratch.file("none")
        #expect(try !File.exists(path))
        try File.remove(path)
        let error = #expect(throws: SystemError.self) { try File.read(path, limit: 1) }
        #expect(error?.isMissing == true)
        #expect(error?.description == "cannot open \(path): No such file or directory (errno 2)")
    }

    @Test func makesDirectoriesOnTheWayAndLeavesThoseThatStand() throws {
        let deep = scratch.file("a") + "/b/"
        try Directory.create(deep, mode: 0o700)
        try Directory.create(deep, mode: 0o755)
        #expect(mode(of: deep) == 0o700)
        rmdir(deep)
        try AtomicFile.write([], to: scratch.file("f"), mode: 0o600)
        #expect(throws: SystemError.self) { try Directory.create(scratch.file("f"), mode: 0o700) }
    }

    @Test func admitsOneHolderOfALock() throws {
        let path = scratch.file("lock")
        do {
            let first = try FileLock(path)
            let error = #expect(throws: SystemError.self) { try FileLock(path) }
            #expect(error?.isBusy == true)
            withExtendedLifetime(first) {}
        }
        _ = try FileLock(path)
    }
}
