import Store
import Testing
import Wire

extension VisitRecord {
    static func sample(
        _ id: String, of number: Int? = 1, on device: Int = 1, request: String = "geo_1", expires milliseconds: Int64 = 3_600_000,
        state: State = .waiting
    ) -> VisitRecord {
        VisitRecord(
            id: id, account: number.map { .sample($0) }, imei: .sample(device), requestID: request, by: "user:sipho", at: .start(),
            expiresAt: .start(milliseconds), phone: Position(lat: -26.2678, lon: 27.8585, accuracy_m: 12.5), state: state)
    }
}

@Suite struct VisitTests {
    private static func fill(_ writer: any StoreWriter) throws {
        for number in 1...2 {
            try writer.insertAccount(.sample(number))
            try writer.insertDevice(.sample(number, registeredTo: .sample(number)))
        }
    }

    @Test(arguments: StoreKind.all) func keepsEveryField(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write(Self.fill)
            let whole = VisitRecord(
                id: "visit_1", ticket: 1 << 40, account: .sample(1), imei: .sample(1), requestID: "geo_1", by: "user:sipho", role: .fieldAgent,
                at: .start(1), expiresAt: .start(2),
                phone: Position(lat: -26.267_812_345_678, lon: 27.1, accuracy_m: 0.5, fixed_at: .start(-3), source: "phone"),
                device: Position(lat: 90, lon: -180, source: "gpsd"), distanceMetres: 12.345_678_901, addressDistanceMetres: 0,
                state: .notSatisfied, settledAt: .start(4), note: "corner shop")
            let bare = VisitRecord.sample("visit_2", of: nil, on: 2)
            try store.write { writer in
                try writer.insertVisit(whole)
                try writer.insertVisit(bare)
            }
            #expect(try store.read { try $0.visit("visit_1") } == whole)
            #expect(try store.read { try $0.visit("visit_2") } == bare)
            #expect(try store.read { try $0.visit("visit_3") } == nil)
            var changed = whole
            (changed.ticket, changed.account, changed.imei, changed.requestID) = (nil, nil, .sample(2), "geo_2")
            (changed.by, changed.role, changed.at, changed.expiresAt) = ("token:desk", nil, .start(5), .start(6))
            (changed.phone, changed.device, changed.distanceMetres) = (Position(lat: 0, lon: 0), nil, nil)
            (changed.addressDistanceMetres, changed.state, changed.settledAt, changed.note) = (1e7, .waiting, nil, nil)
            try store.write { [changed] in try $0.updateVisit(changed) }
            #expect(try store.read { try $0.visit("visit_1") } == changed)
        }
    }

    @Test(arguments: StoreKind.all, VisitRecord.State.allCases) func keepsEachState(kind: StoreKind, state: VisitRecord.State) throws {
        try kind.withStore { store in
            try store.write { writer in
                try Self.fill(writer)
                try writer.insertVisit(.sample("v", state: state))
            }
            #expect(try store.read { try $0.visit("v")?.state } == state)
            #expect(try store.read { try $0.waitingVisits(onRequest: "geo_1") }.count == (state == .waiting ? 1 : 0))
            #expect(try store.read { try $0.expiredVisits(now: .start(3_600_000), limit: 9) }.count == (state == .waiting ? 1 : 0))
        }
    }

    @Test(arguments: StoreKind.all) func listsThem(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { writer in
                try Self.fill(writer)
                try writer.insertVisit(.sample("b", expires: 20))
                try writer.insertVisit(.sample("a", expires: 10))
                try writer.insertVisit(.sample("c", of: 2, on: 2, request: "geo_2", expires: 30))
                try writer.insertVisit(.sample("d", of: nil, request: "geo_3"))
            }
            #expect(try store.read { try $0.visits(of: nil, limit: 9) }.map(\.id) == ["d", "c", "a", "b"])
            #expect(try store.read { try $0.visits(of: nil, limit: 1) }.map(\.id) == ["d"])
            #expect(try store.read { try $0.visits(of: .sample(1), limit: 9) }.map(\.id) == ["a", "b"])
            #expect(try store.read { try $0.visits(of: .sample(1), limit: 1) }.map(\.id) == ["a"])
            #expect(try store.read { try $0.waitingVisits(onRequest: "geo_1") }.map(\.id) == ["b", "a"])
            #expect(try store.read { try $0.expiredVisits(now: .start(20), limit: 9) }.map(\.id) == ["a", "b"])
            #expect(try store.read { try $0.expiredVisits(now: .start(20), limit: 1) }.map(\.id) == ["a"])
            #expect(try store.read { try $0.expiredVisits(now: .start(9), limit: 9) }.isEmpty)
        }
    }

    @Test(arguments: StoreKind.all) func keepsOneQuestionToATerminal(kind: StoreKind) throws {
        try kind.withStore { store in
            let first = LocationRequestRecord(imei: .sample(1), id: "geo_1", askedAt: .start(), expiresAt: .start(100))
            let second = LocationRequestRecord(imei: .sample(1), id: "geo_2", askedAt: .start(50), expiresAt: .start(150))
            let other = LocationRequestRecord(imei: .sample(2), id: "geo_3", askedAt: .start(), expiresAt: .start(120))
            try store.write { writer in
                try Self.fill(writer)
                try writer.putLocationRequest(first)
                try writer.putLocationRequest(other)
            }
            #expect(try store.read { try $0.locationRequest(of: .sample(1)) } == first)
            try store.write { try $0.putLocationRequest(second) }
            #expect(try store.read { try $0.locationRequest(of: .sample(1)) } == second)
            #expect(try store.read { try $0.expiredLocationRequests(now: .start(149), limit: 9) } == [other])
            #expect(try store.read { try $0.expiredLocationRequests(now: .start(150), limit: 9) } == [other, second])
            #expect(try store.read { try $0.expiredLocationRequests(now: .start(150), limit: 1) } == [other])
            try store.write { writer in for _ in 1...2 { try writer.removeLocationRequest(of: .sample(1)) } }
            #expect(try store.read { try $0.locationRequest(of: .sample(1)) } == nil)
            #expect(try store.read { try $0.locationRequest(of: .sample(2)) } == other)
        }
    }

    @Test(arguments: StoreKind.all) func keepsWhereAnAddressIs(kind: StoreKind) throws {
        try kind.withStore { store in
            let here = AddressPositionRecord(account: .sample(1), position: Position(lat: 1, lon: 2, accuracy_m: 3), at: .start(), visit: "v1")
            let there = AddressPositionRecord(account: .sample(1), position: Position(lat: -1.5, lon: 2), at: .start(9), visit: "v2")
            try store.write(Self.fill)
            #expect(try store.read { try $0.addressPosition(of: .sample(1)) } == nil)
            for position in [here, there] {
                try store.write { try $0.putAddressPosition(position) }
                #expect(try store.read { try $0.addressPosition(of: .sample(1)) } == position)
            }
            #expect(try store.read { try $0.addressPosition(of: .sample(2)) } == nil)
        }
    }

    @Test(arguments: StoreKind.all) func findsTheLastFixBehindAnswersWithoutOne(kind: StoreKind) throws {
        func event(_ sequence: Int64, lat: Double?, lon: Double?, kind: TerminalEvent.Kind = .location) -> TerminalEvent {
            var event = TerminalEvent(seq: sequence, kind: kind, at: .start(), uptime_ms: 1)
            (event.lat, event.lon) = (lat, lon)
            return event
        }
        try kind.withStore { store in
            try store.write(Self.fill)
            let events = [
                event(1, lat: 1, lon: 1), event(2, lat: 0, lon: 0), event(3, lat: nil, lon: nil), event(4, lat: 5, lon: nil),
                event(5, lat: nil, lon: 5), event(6, lat: 7, lon: 7, kind: .started),
            ]
            #expect(try store.read { try $0.lastFix(of: .sample(1)) } == nil)
            try store.write { _ = try $0.appendEvents(events, of: .sample(1), at: .start(8)) }
            #expect(try store.read { try $0.lastFix(of: .sample(1)) } == EventRecord(imei: .sample(1), event: events[1], receivedAt: .start(8)))
            #expect(try store.read { try $0.lastFix(of: .sample(2)) } == nil)
        }
    }

    @Test(arguments: StoreKind.all) func theLastCellIsTheNewestThatIsOne(kind: StoreKind) throws {
        func event(_ sequence: Int64, cell: Int64?) -> TerminalEvent {
            var event = TerminalEvent(seq: sequence, kind: .location, at: .start(), uptime_ms: 1)
            event.cell = cell.flatMap { Cell(mcc: "655", mnc: "01", lac: 1, tac: nil, id: $0) }
            return event
        }
        try kind.withStore { store in
            try store.write(Self.fill)
            let events = [event(1, cell: 5), event(2, cell: 6), event(3, cell: nil)]
            #expect(try store.read { try $0.lastCell(of: .sample(1)) } == nil)
            try store.write { _ = try $0.appendEvents(events, of: .sample(1), at: .start(8)) }
            #expect(try store.read { try $0.lastCell(of: .sample(1)) } == EventRecord(imei: .sample(1), event: events[1], receivedAt: .start(8)))
            #expect(try store.read { try $0.lastFix(of: .sample(1)) } == nil)
        }
    }

    @Test(arguments: StoreKind.all) func refusesWhatIsUnknownOrThereAlready(kind: StoreKind) throws {
        try kind.withStore { store in
            try store.write { writer in
                try Self.fill(writer)
                try writer.insertVisit(.sample("v"))
            }
            let cases: [(StoreError.Code, @Sendable (any StoreWriter) throws -> Void)] = [
                (.exists, { try $0.insertVisit(.sample("v")) }), (.notFound, { try $0.insertVisit(.sample("w", of: 9)) }),
                (.notFound, { try $0.insertVisit(.sample("w", on: 9)) }), (.notFound, { try $0.updateVisit(.sample("w")) }),
                (
                    .notFound,
                    { try $0.putLocationRequest(LocationRequestRecord(imei: .sample(9), id: "g", askedAt: .start(), expiresAt: .start())) }
                ),
                (
                    .notFound,
                    {
                        try $0.putAddressPosition(
                            AddressPositionRecord(account: .sample(9), position: Position(lat: 0, lon: 0), at: .start(), visit: "v"))
                    }
                ),
            ]
            for (code, body) in cases {
                let error = #expect(throws: StoreError.self) { try store.write(body) }
                #expect(error?.code == code)
            }
        }
    }
}
