import Store
import Testing
import Wire

@Suite struct NumberChangeTests {
    @Test(arguments: StoreKind.all) func keepsEveryFieldAndItsEvidence(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { for number in 1...2 { try $0.insertAccount(.sample(number)) } }
            var change = NumberChangeRecord(
                id: "c1", account: .sample(1), oldNumber: "+27711234567", newNumber: "+27711234568", reason: "lost SIM", state: .approved,
                requestedBy: "desk-1", requestedAt: .start(1), decidedBy: "senior-1", decidedAt: .start(2), coolingUntil: .start(3))
            var first = NumberChangeRecord.sample("c2")
            first.oldNumber = nil
            let picture = EvidenceRecord(
                changeID: "c1", kind: "past_transaction", text: "receipt", contentType: "image/png", content: [0x89, 0x50, 0, 0xFF])
            let words = EvidenceRecord(changeID: "c1", kind: "last_conversation", text: "asked for airtime")
            try store.write { [change, first] writer in
                try writer.insertNumberChange(change, evidence: [picture, words])
                try writer.insertNumberChange(first, evidence: [])
            }
            #expect(try store.read { try $0.numberChange("c1") } == change)
            #expect(try store.read { try $0.numberChange("c2") } == first)
            #expect(try store.read { try $0.numberChange("c3") } == nil)
            #expect(try store.read { try $0.evidence(ofChange: "c1") } == [words, picture])
            #expect(try store.read { try $0.evidence(ofChange: "c2") }.isEmpty)
            change = NumberChangeRecord(
                id: "c1", account: .sample(2), oldNumber: nil, newNumber: "+27711234569", reason: "wrong", state: .cancelled,
                requestedBy: "desk-2", requestedAt: .start(5))
            try store.write { [change] in try $0.updateNumberChange(change) }
            #expect(try store.read { try $0.numberChange("c1") } == change)
            #expect(try store.read { try $0.evidence(ofChange: "c1") } == [words, picture])
        }
    }

    @Test(arguments: StoreKind.all) func listsThoseOfAnAccountNewestFirst(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { writer in
                for number in 1...2 { try writer.insertAccount(.sample(number)) }
                for id in ["b", "a", "c"] { try writer.insertNumberChange(.sample(id), evidence: []) }
                try writer.insertNumberChange(.sample("other", of: 2), evidence: [])
            }
            #expect(try store.read { try $0.numberChanges(of: .sample(1), limit: 9) }.map(\.id) == ["c", "a", "b"])
            #expect(try store.read { try $0.numberChanges(of: .sample(1), limit: 1) }.map(\.id) == ["c"])
        }
    }

    @Test(arguments: StoreKind.all) func refusesWhatIsUnknownOrThereAlready(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { writer in
                try writer.insertAccount(.sample(1))
                try writer.insertNumberChange(.sample("c1"), evidence: [])
            }
            let cases: [(StoreError.Code, @Sendable (any StoreWriter) throws -> Void)] = [
                (.exists, { try $0.insertNumberChange(.sample("c1"), evidence: []) }),
                (.notFound, { try $0.insertNumberChange(.sample("c2", of: 9), evidence: []) }),
                (.notFound, { try $0.updateNumberChange(.sample("c2")) }),
            ]
            for (code, body) in cases {
                let error = #expect(throws: StoreError.self) { try store.write(body) }
                #expect(error?.code == code)
            }
        }
    }
}
