import Glibc
import Store
import Synchronization
import Testing
import Wire

@Suite struct WritingTests {
    struct Refused: Error, Equatable { let number: Int }

    @Test(arguments: StoreKind.all) func givesBackWhatTheBodyReturns(kind: StoreKind) throws {
        try kind.withStore { store in
            let number = try store.write { writer in
                try writer.insertAccount(.sample(1))
                return 42
            }
            #expect(number == 42)
            #expect(try store.read { try $0.account(.sample(1)) } == .sample(1))
        }
    }

    @Test(arguments: StoreKind.all) func seesItsOwnChangesBeforeTheCommit(kind: StoreKind) throws {
        try kind.withStore { store in
            let seen = try store.write { writer in
                try writer.insertAccount(.sample(1))
                return try writer.account(.sample(1))
            }
            #expect(seen == .sample(1))
        }
    }

    /// The writer is held in one body until all others wait, so that they share a commit; each third throws after it has written.
    @Test(arguments: StoreKind.all) func undoesOnlyTheBodyThatThrows(kind: StoreKind) throws {
        try kind.withStore { store in
            let outcomes = Mutex<[Int: Result<Void, any Error>]>([:])
            try together(32) { number in
                let outcome = Result {
                    try store.write { writer in
                        try writer.insertAccount(.sample(number))
                        if number % 3 == 0 { throw Refused(number: number) }
                    }
                }
                outcomes.withLock { $0[number] = outcome }
            }
            let stored = try store.read { try $0.accounts(matching: nil, after: nil, limit: 100) }
            #expect(Set(stored.map(\.reference)) == Set((0..<32).filter { $0 % 3 != 0 }.map { .sample($0) }))
            for (number, outcome) in outcomes.withLock({ $0 }) {
                if number % 3 == 0 {
                    #expect(throws: Refused(number: number)) { try outcome.get() }
                } else {
                    #expect(throws: Never.self) { try outcome.get() }
                }
            }
        }
    }

    @Test(arguments: StoreKind.all) func tellsTheListenersBeforeTheWriteReturns(kind: StoreKind) throws {
        try kind.withStore { store in
            let heard = Mutex<[Set<Subject>]>([])
            store.onCommit { subjects, _ in heard.withLock { $0.append(subjects) } }
            for number in 0..<50 {
                try store.write { writer in
                    try writer.insertAccount(.sample(number))
                    try writer.touch(.account(.sample(number)))
                }
                #expect(heard.withLock { $0.last } == [.account(.sample(number))])
            }
        }
    }

    @Test(arguments: StoreKind.all) func theListenerFindsWhatWasCommitted(kind: StoreKind) throws {
        try kind.withStore { store in
            let found = Mutex<[Result<AccountRecord?, any Error>]>([])
            store.onCommit { _, _ in
                let account = Result { try store.read { try $0.account(.sample(1)) } }
                found.withLock { $0.append(account) }
            }
            try store.write { try $0.insertAccount(.sample(1)) }
            #expect(try found.withLock { $0 }.map { try $0.get() } == [.sample(1)])
        }
    }

    @Test(arguments: StoreKind.all) func anAccountThatIsTouchedNamesItsDevices(kind: StoreKind) throws {
        try kind.withStore { store in
            let heard = Mutex<Set<Subject>>([])
            try store.write { writer in
                try writer.insertAccount(.sample(1))
                try writer.insertAccount(.sample(2))
                try writer.insertDevice(.sample(1, registeredTo: .sample(1)))
                try writer.insertDevice(.claimant(2, of: .sample(1), seatedAt: 5))
                try writer.insertDevice(.claimant(3, of: .sample(1), seatedAt: nil))
                try writer.insertDevice(.sample(4, registeredTo: .sample(2)))
            }
            store.onCommit { subjects, _ in heard.withLock { $0.formUnion(subjects) } }
            try store.write { writer in
                try writer.touch(.account(.sample(1)))
                try writer.insertDevice(.sample(5, registeredTo: .sample(1)))
            }
            #expect(heard.withLock { $0 } == Set([.account(.sample(1))] + [1, 2, 3, 5].map { .device(.sample($0)) }))
        }
    }

    @Test(arguments: StoreKind.all) func aBodyThatThrowsTouchesNothing(kind: StoreKind) throws {
        try kind.withStore { store in
            let heard = Mutex<Set<Subject>>([])
            store.onCommit { subjects, _ in heard.withLock { $0.formUnion(subjects) } }
            #expect(throws: Refused.self) {
                try store.write { writer in
                    try writer.touch(.device(.sample(1)))
                    throw Refused(number: 1)
                }
            }
            try store.write { try $0.touch(.device(.sample(2))) }
            #expect(heard.withLock { $0 } == [.device(.sample(2))])
        }
    }

    @Test(arguments: StoreKind.all) func closingCommitsWhatIsWrittenLater(kind: StoreKind) throws {
        try kind.withStore { store in
            let committed = Mutex(0)
            store.onCommit { subjects, _ in committed.withLock { $0 += subjects.count } }
            for number in 0..<2000 {
                store.writeLater { writer in
                    try writer.insertAccount(.sample(number))
                    try writer.touch(.account(.sample(number)))
                }
            }
            store.close()
            #expect(committed.withLock { $0 } == 2000)
            #expect(throws: StoreError.self) { try store.write { _ in } }
            #expect(throws: StoreError.self) { try store.read { _ in } }
        }
    }

    @Test(arguments: StoreKind.all) func aLaterWriteThatThrowsHarmsNoOther(kind: StoreKind) throws {
        try kind.withStore { store throws in
            let seen = Happening()
            store.onCommit { subjects, _ in if subjects.contains(.account(.sample(2))) { seen.happen() } }
            store.writeLater { writer in
                try writer.insertAccount(.sample(1))
                throw Refused(number: 1)
            }
            store.writeLater { writer in
                try writer.insertAccount(.sample(2))
                try writer.touch(.account(.sample(2)))
            }
            seen.wait()
            #expect(try store.read { try $0.accounts(matching: nil, after: nil, limit: 9) }.map(\.reference) == [.sample(2)])
        }
    }

    @Test(arguments: StoreKind.all) func readsOneMomentWhileOthersWrite(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { try $0.insertAccount(.sample(1)) }
            let (before, after) = try store.read { reader in
                let before = try reader.accounts(matching: nil, after: nil, limit: 9).count
                try together(2) { number in _ = try store.write { try $0.insertAccount(.sample(10 + number)) } }
                return (before, try reader.accounts(matching: nil, after: nil, limit: 9).count)
            }
            #expect(before == 1 && after == 1)
            #expect(try store.read { try $0.accounts(matching: nil, after: nil, limit: 9).count } == 3)
        }
    }

    @Test(arguments: StoreKind.all) func countsItsCommits(kind: StoreKind) throws {
        try kind.withStore { store in
            for number in 0..<10 { try store.write { try $0.insertAccount(.sample(number)) } }
            let durations = store.commitDurations
            #expect(durations.counts.reduce(0, +) == 10)
            #expect(durations.sum > 0)
        }
    }
}
