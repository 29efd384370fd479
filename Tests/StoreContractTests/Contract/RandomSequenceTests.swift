import LockRules
import Store
import Testing
import Wire

/// Seeded random changes against a small model of what must be true, looked at after each step.
@Suite struct RandomSequenceTests {
    /// SplitMix64: the same seed is the same sequence on every machine.
    struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    @Test(arguments: StoreKind.all, [1, 2, 3] as [UInt64]) func holdsAndRevisionsFollowTheModel(kind: StoreKind, seed: UInt64) throws {
        try kind.withStore { store in
            var random = Seeded(state: seed)
            let subjects: [Subject] = (1...3).map { .account(.sample($0)) } + (1...4).map { .device(.sample($0)) }
            try store.write { writer in
                for number in 1...3 { try writer.insertAccount(.sample(number)) }
                for number in 1...4 { try writer.insertDevice(.sample(number, registeredTo: .sample(1 + number % 3), at: Int64(number))) }
            }
            var standing: [Subject: [String]] = [:]
            var last: Revision = 0
            var clock: Int64 = 0
            for step in 0..<300 {
                let subject = subjects.randomElement(using: &random)!
                clock += Int64.random(in: -50...60, using: &random)
                let release = Bool.random(using: &random) ? standing[subject]?.randomElement(using: &random) : nil
                let fails = Int.random(in: 0..<5, using: &random) == 0
                let revision = try change(store, step: step, subject: subject, release: release, fails: fails, now: .start(clock))
                if let revision {
                    #expect(revision > last)
                    last = revision
                    if let release {
                        standing[subject]?.removeAll { $0 == release }
                    } else {
                        standing[subject, default: []].append("h\(step)")
                    }
                }
                for subject in subjects {
                    #expect(try store.read { try $0.standingHolds(on: subject) }.map(\.id) == standing[subject] ?? [])
                }
                try expectFactsToAgree(store, subjects)
            }
            let faults = try store.read { try $0.noteFaults(chain: NoteTests.chain) }
            #expect(faults.isEmpty)
        }
    }

    private struct Refused: Error {}

    /// One lock or unlock with its note; `nil` when the body threw after it had written.
    private func change(
        _ store: any Store, step: Int, subject: Subject, release: String?, fails: Bool, now: Timestamp
    ) throws -> Revision? {
        do {
            return try store.write { writer in
                let revision = try writer.nextRevision(now: now)
                if let release {
                    try writer.releaseHold(release, at: now, by: "senior-1")
                } else {
                    try writer.insertHold(.sample("h\(step)", on: subject, revision: revision))
                }
                try writer.appendNote(.sample("\(step)", on: NoteSubject(subject)))
                if fails { throw Refused() }
                return revision
            }
        } catch is Refused {
            return nil
        }
    }

    /// What the rules are given is what the lists say.
    private func expectFactsToAgree(_ store: any Store, _ subjects: [Subject]) throws {
        try store.read { reader in
            for case .device(let imei) in subjects {
                let facts = try reader.lockFacts(imei: imei, claiming: nil)
                #expect(facts.device?.holds == Set(try reader.standingHolds(on: .device(imei)).map(\.kind)))
                let account = try #require(facts.account)
                #expect(account.holds == Set(try reader.standingHolds(on: .account(account.reference)).map(\.kind)))
                let place = try reader.devices(of: account.reference).firstIndex { $0.imei == imei }
                #expect(place == facts.devicesBefore)
            }
        }
    }
}
