import Signing
import Store
import Testing
import Wire

@Suite struct NoteTests {
    static let chain = NoteChain(sha256: { Digest.sha256($0) })

    @Test(arguments: StoreKind.all) func keepsEveryFieldAndChainsPerSubject(kind: StoreKind) throws {
        try kind.withStore { store in
            let account = NoteSubject.account(.sample(7))
            let first = NewNote(
                subject: account, at: .start(), actor: "desk-1", role: .senior, via: "api", sourceAddress: "10.0.0.7", kind: "text",
                text: "Gestolen, sê hy", ticket: "T-1")
            let second = NewNote(subject: account, at: .start(1), actor: "system", via: "system", kind: "hold_placed", text: "")
            let (one, other, two) = try store.write { writer in
                (
                    try writer.appendNote(first), try writer.appendNote(.sample("apart", on: .device(.sample(1)))),
                    try writer.appendNote(second)
                )
            }
            #expect(one.content == first && two.content == second)
            #expect(one.hash == NoteChainTests.firstHash)
            #expect(two.hash == NoteChainTests.secondHash)
            #expect(other.hash == Self.chain.hash(of: other.content, after: NoteChain.start))
            #expect(try store.read { try $0.notes(on: account, before: nil, limit: 9) } == [two, one])
            #expect(try store.read { try $0.notes(on: account, before: two.id, limit: 9) } == [one])
            #expect(try store.read { try $0.allNotes(after: 0, limit: 2) } == [one, other])
            #expect(try store.read { try $0.allNotes(after: other.id, limit: 2) } == [two])
            #expect(try store.read { try $0.noteHeads() }.contains(NoteHead(subject: account, count: 2, hash: two.hash)))
        }
    }

    @Test(arguments: StoreKind.all) func keepsTheBackOfficesNotesApart(kind: StoreKind) throws {
        try kind.withStore { store in
            let (first, other, second) = try store.write { writer in
                (
                    try writer.appendNote(.sample("first", on: .office)), try writer.appendNote(.sample("apart", on: .account(.sample(1)))),
                    try writer.appendNote(.sample("second", on: .office))
                )
            }
            #expect(first.subject == .office && first.hash == Self.chain.hash(of: first.content, after: NoteChain.start))
            #expect(second.hash == Self.chain.hash(of: second.content, after: first.hash))
            #expect(other.hash == Self.chain.hash(of: other.content, after: NoteChain.start))
            #expect(try store.read { try $0.notes(on: .office, before: nil, limit: 9) } == [second, first])
            #expect(try store.read { try $0.notes(on: .office, before: second.id, limit: 9) } == [first])
            #expect(try store.read { try $0.allNotes(after: 0, limit: 9) } == [first, other, second])
            #expect(try store.read { try $0.noteHeads() }.contains(NoteHead(subject: .office, count: 2, hash: second.hash)))
            #expect(try store.read { try $0.noteFaults(chain: Self.chain) }.isEmpty)
        }
    }

    @Test(arguments: StoreKind.all) func findsNoFaultInNotesOfManyThreads(kind: StoreKind) throws {
        try kind.withStore { store in
            try together(8) { thread in
                for number in 0..<150 {
                    let others: NoteSubject = number % 2 == 0 ? .account(.sample(number % 5)) : .device(.sample(number % 3))
                    let subject = number % 7 == 0 ? .office : others
                    try store.write { _ = try $0.appendNote(.sample("\(thread).\(number)", on: subject)) }
                }
            }
            #expect(try store.read { try $0.noteFaults(chain: Self.chain) }.isEmpty)
            #expect(try store.read { try $0.allNotes(after: 0, limit: 5000) }.count == 1200)
        }
    }

    @Test(arguments: StoreKind.all) func countsRepeatsBesideWhatWasWritten(kind: StoreKind) throws {
        try kind.withStore { store in
            let account = NoteSubject.account(.sample(1))
            let (one, two) = try store.write { (try $0.appendNote(.sample("locked", on: account)), try $0.appendNote(.sample("other", on: account))) }
            #expect(one.count == 1)
            for _ in 0..<3 { try store.write { try $0.countNote(one.id) } }
            var counted = one
            counted.count = 4
            #expect(try store.read { try $0.notes(on: account, before: nil, limit: 9) } == [two, counted])
            #expect(try store.read { try $0.notes(on: account, before: two.id, limit: 9) } == [counted])
            #expect(try store.read { try $0.allNotes(after: 0, limit: 9) } == [one, two])
            #expect(try store.read { try $0.noteFaults(chain: Self.chain) }.isEmpty)
            let next = try store.write { try $0.appendNote(.sample("after", on: account)) }
            #expect(next.hash == Self.chain.hash(of: next.content, after: two.hash))
        }
    }

    @Test(arguments: StoreKind.all) func refusesToCountAnUnknownNote(kind: StoreKind) throws {
        try kind.withStore { store in
            let error = #expect(throws: StoreError.self) { try store.write { try $0.countNote(1) } }
            #expect(error?.code == .notFound)
        }
    }
}
