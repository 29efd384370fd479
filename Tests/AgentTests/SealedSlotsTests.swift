import Agent
import Glibc
import Platform
import Testing

/// Real files, one record in two of them, and everything that may happen to one.
struct SealedSlotsTests {
    private let scratch = Scratch()
    private let seal: Seal
    private let slots: SealedSlots<Int>

    init() throws {
        seal = try Seal(seed: [UInt8](repeating: 7, count: 32), machine: MachineID("here"))
        slots = SealedSlots(scratch.path + "/record", seal)
    }

    private var a: String { scratch.path + "/record.a" }
    private var b: String { scratch.path + "/record.b" }

    private func bytes(_ path: String) throws -> [UInt8] { try File.read(path, limit: 4096) }
    private func put(_ bytes: some Collection<UInt8>, _ path: String) throws { try AtomicFile.write(bytes, to: path, mode: 0o600) }
    private var found: SealedSlots<Int>.Found { slots.read() }
    private var isDamaged: Bool { if case .damaged = found { true } else { false } }

    @Test func holdsWhatWasWrittenLastInBothFiles() throws {
        #expect(found == .missing)
        for record in 1...5 {
            try slots.write(record)
            #expect(found == .holds(record))
            #expect(try bytes(a) == bytes(b))
        }
    }

    /// Every file of five records beside every other: only the pairs that a power cut can leave are believed, and none of them is older than `b`.
    @Test func believesNoPairThatAnHonestTerminalCannotHave() throws {
        var copies: [[UInt8]] = []
        for record in 0..<5 {
            try slots.write(record)
            copies.append(try bytes(a))
        }
        for first in copies.indices {
            for second in copies.indices {
                try put(copies[first], a)
                try put(copies[second], b)
                if first == second || first == second + 1 {
                    #expect(found == .holds(first), "\(first) beside \(second)")
                    #expect(try bytes(b) == copies[first], "the cut write of \(first) is finished")
                } else {
                    #expect(isDamaged, "\(first) beside \(second)")
                    guard case .damaged(_, let survivors) = found else { continue }
                    #expect(survivors.max() == max(first, second))
                }
            }
        }
    }

    /// The temporary file is all that a cut leaves besides: at its every length.
    @Test func aPowerCutAtAnyPointLeavesTheOldRecordOrTheNew() throws {
        try slots.write(1)
        let old = try bytes(a)
        try slots.write(2)
        let new = try bytes(a)
        for length in 0...new.count {
            try put(old, a)
            try put(old, b)
            try put(new[..<length], a + ".tmp")
            #expect(found == .holds(1), "cut in the first file at \(length)")
            try put(new, a)
            try put(new[..<length], b + ".tmp")
            #expect(found == .holds(2), "cut in the second file at \(length)")
        }
        try slots.write(3)
        #expect(found == .holds(3))
    }

    @Test func noticesEveryCutAndEveryFlippedBitInEitherFile() throws {
        try slots.write(1)
        try slots.write(2)
        let whole = try bytes(a)
        for path in [a, b] {
            for length in 0..<whole.count {
                try put(whole[..<length], path)
                #expect(isDamaged, "\(path) cut at \(length)")
            }
            for bit in 0..<(whole.count * 8) {
                var flipped = whole
                flipped[bit / 8] ^= 1 << UInt8(bit % 8)
                try put(flipped, path)
                #expect(isDamaged, "\(path), bit \(bit)")
            }
            for extra in ["\n", " ", "{}\n", "\0"] {
                try put(whole + Array(extra.utf8), path)
                #expect(isDamaged, "\(path) with more behind")
            }
            try put(whole, path)
            #expect(found == .holds(2))
        }
    }

    enum Damage: CaseIterable {
        case missing, empty, directory, fullDirectory, pipe, endlessLink, tooLong, garbage, zeros, unsealed
    }

    @Test(arguments: Damage.allCases, ["a", "b", "ab"])
    func anythingElseInTheirPlaceIsNoticedAndHealed(damage: Damage, which: String) throws {
        try slots.write(1)
        try slots.write(2)
        let whole = try bytes(a)
        for path in [a, b] where which.contains(path.last!) {
            unlink(path)
            switch damage {
            case .missing: break
            case .empty: try put([UInt8](), path)
            case .directory: mkdir(path, 0o700)
            case .fullDirectory:
                mkdir(path, 0o700)
                try put([1], path + "/more")
            case .pipe: mkfifo(path, 0o600)
            case .endlessLink: symlink("/dev/zero", path)
            case .tooLong: try put([UInt8](repeating: UInt8(ascii: "x"), count: 70_000), path)
            case .garbage: try put((0..<300).map { UInt8(truncatingIfNeeded: $0 &* 37) }, path)
            case .zeros: try put([UInt8](repeating: 0, count: whole.count), path)
            case .unsealed:
                // Whoever has read how it is done, and has no key.
                let line = Array(whole.prefix { $0 != UInt8(ascii: "\n") })
                try SealedFile.write(line, to: path, .plain)
            }
        }
        if damage == .missing, which == "ab" {
            #expect(found == .missing)
        } else {
            guard case .damaged(_, let survivors) = found else {
                Issue.record("\(damage) in \(which): \(found)")
                return
            }
            #expect(survivors == (which == "ab" ? [] : [2]))
        }
        try slots.write(3)
        #expect(found == .holds(3))
        #expect(try bytes(a) == bytes(b))
        if which != "ab" {
            try put(whole, which == "a" ? a : b)
            #expect(isDamaged, "an old file of before the damage")
        }
    }

    /// Two lives with the same records: an old file does not become a successor in the new one.
    @Test func anOldFileFitsNoChainThatWasBegunAnew() throws {
        for record in 1...3 { try slots.write(record) }
        let old = try bytes(a)
        try put([], a)
        try put([], b)
        for record in 1...2 { try slots.write(record) }
        try put(old, a)
        #expect(isDamaged)
    }

    @Test func afterRemovalThereIsNothingAndAChainBeginsAnew() throws {
        let former = scratch.path + "/record.json"
        let slots = SealedSlots<Int>(scratch.path + "/record", seal, former: former)
        try SealedFile.write(Array("17".utf8), to: former, .plain)
        for record in 1...3 { try slots.write(record) }
        let old = try bytes(a)
        try slots.remove()
        #expect(slots.read() == .missing)
        try slots.remove()
        for record in 1...2 { try slots.write(record) }
        #expect(slots.read() == .holds(2))
        try put(old, a)
        #expect(isDamaged)
    }

    @Test func anotherKeyOrMachineReadsNothing() throws {
        try slots.write(1)
        for other in [
            try Seal(seed: [UInt8](repeating: 8, count: 32), machine: MachineID("here")),
            try Seal(seed: [UInt8](repeating: 7, count: 32), machine: MachineID("there")), .plain,
        ] {
            guard case .damaged = SealedSlots<Int>(scratch.path + "/record", other).read() else {
                Issue.record("read")
                continue
            }
        }
    }

    /// A single file of the version before, then the two: cut at each step of the first write.
    @Test func takesOverTheFileOfTheVersionBefore() throws {
        let former = scratch.path + "/record.json"
        let slots = SealedSlots<Int>(scratch.path + "/record", seal, former: former)
        #expect(slots.read() == .missing)
        try SealedFile.write(Array("17".utf8), to: former, .plain)
        #expect(slots.read() == .holds(17))
        try slots.write(18)
        #expect(slots.read() == .holds(18))
        unlink(b)
        #expect(slots.read() == .holds(18), "cut between the two")
        #expect(try bytes(a) == bytes(b))
        try slots.write(19)
        unlink(b)
        guard case .damaged(_, let survivors) = slots.read() else {
            Issue.record("the second file was there already")
            return
        }
        #expect(survivors.contains(19))
        try put(Array("17\nno checksum\n".utf8), former)
        unlink(a)
        #expect(slots.read() != .holds(17))
        #expect(SealedSlots<Int>(scratch.path + "/record", seal).read() == .missing)
    }
}
