import Agent
import Modem
import Platform
import Testing
import Wire

struct ModemMemoryTests {
    private static let own = try! IMEI("350000000000006")
    private static let other = try! IMEI("352099001761481")
    private static let third = try! IMEI("490154203237518")

    private struct Look: Sendable {
        var imei: IMEI?
        var iccid: String?
        var imsi: String?
        var changes: [ModemMemory.Change] = []

        var report: ModemReport {
            var report = ModemReport(source: .port)
            (report.imei, report.iccid, report.imsi) = (imei, iccid, imsi)
            return report
        }
    }

    private static let a = "89270100000000001111"
    private static let b = "89270100000000002222"
    private static let toB = ModemMemory.Change.sim(ending: "2222", before: "1111")
    private static let toA = ModemMemory.Change.sim(ending: "1111", before: "2222")

    private static let stories: [(String, [Look])] = [
        ("the same all along", [Look(imei: own, iccid: a), Look(imei: own, iccid: a)]),
        ("nothing known", [Look(), Look()]),
        ("another modem, told once", [Look(imei: own), Look(imei: other, changes: [.imei(other)]), Look(imei: other)]),
        ("another from the start", [Look(imei: other, changes: [.imei(other)]), Look(imei: other)]),
        ("gone and back", [Look(imei: own, iccid: a), Look(), Look(imei: own), Look(imei: own, iccid: a)]),
        ("the stranger gone and back", [Look(imei: other, changes: [.imei(other)]), Look(), Look(imei: other)]),
        ("to and fro", [Look(imei: other, changes: [.imei(other)]), Look(imei: own), Look(imei: other, changes: [.imei(other)])]),
        ("one stranger after another", [Look(imei: other, changes: [.imei(other)]), Look(imei: third, changes: [.imei(third)])]),
        ("another SIM", [Look(imei: own, iccid: a), Look(imei: own, iccid: b, changes: [toB]), Look(imei: own, iccid: b)]),
        ("another SIM after none", [Look(imei: own, iccid: a), Look(imei: own), Look(imei: own, iccid: b, changes: [toB])]),
        ("swapped and put back", [Look(iccid: a), Look(iccid: b, changes: [toB]), Look(iccid: a, changes: [toA])]),
        ("a card that changes its IMSI", [Look(iccid: a, imsi: "655011111111111"), Look(iccid: a, imsi: "655012222222222")]),
        (
            "told by its IMSI only",
            [Look(imsi: "655010000001111"), Look(imsi: "655010000002222", changes: [toB]), Look(imsi: "655010000002222")]
        ),
        ("numbers that come one after the other", [Look(iccid: a), Look(iccid: a, imsi: "655010000001111"), Look(imsi: "655010000001111")]),
        ("no number in common", [Look(iccid: a), Look(imsi: "655010000009999"), Look(iccid: a), Look(iccid: b, changes: [toB])]),
        ("both at once", [Look(imei: own, iccid: a), Look(imei: other, iccid: b, changes: [.imei(other), toB]), Look(imei: other, iccid: b)]),
    ]

    @Test(arguments: stories) private func tellsEachChangeOnce(_ story: String, _ looks: [Look]) throws {
        let scratch = Scratch()
        let file = ModemFile(scratch.path + "/modem.json", .plain)
        #expect(file.read() == .missing)
        var memory = try ModemFile.newMemory()
        for (place, look) in looks.enumerated() {
            #expect(memory.take(look.report, own: Self.own) == look.changes, "\(story), look \(place)")
            // As after a restart.
            try file.write(memory)
            #expect(file.read() == .holds(memory))
        }
    }

    @Test func keepsNoNumberOfASIM() throws {
        let scratch = Scratch()
        let file = ModemFile(scratch.path + "/modem.json", .plain)
        var memory = try ModemFile.newMemory()
        _ = memory.take(Look(imei: Self.own, iccid: Self.a, imsi: "655011234567890").report, own: Self.own)
        try file.write(memory)
        let text = String(decoding: try File.read(file.path, limit: 4096), as: UTF8.self)
        #expect(!text.contains(Self.a) && !text.contains("655011234567890") && !text.contains(Self.a.suffix(8)))
        var another = try ModemFile.newMemory()
        _ = another.take(Look(imei: Self.own, iccid: Self.a).report, own: Self.own)
        #expect(another.sim != memory.sim, "the salt is the terminal's own")
    }

    @Test(arguments: ["", "{}\n", "{}\n0000\n", "x"]) func saysThatItIsDamaged(_ text: String) throws {
        let scratch = Scratch()
        let file = ModemFile(scratch.path + "/modem.json", .plain)
        try AtomicFile.write(Array(text.utf8), to: file.path, mode: 0o600)
        guard case .damaged = file.read() else {
            Issue.record("\(file.read())")
            return
        }
    }

    enum Loss: CaseIterable { case missing, cut, directory }

    private func lose(_ path: String, _ loss: Loss) throws {
        let bytes = try File.read(path, limit: 4096)
        try File.remove(path)
        switch loss {
        case .missing: break
        case .cut: try AtomicFile.write(bytes.dropLast(9), to: path, mode: 0o600)
        case .directory: try Directory.create(path + "/inside", mode: 0o700)
        }
    }

    @Test(arguments: Loss.allCases) func oneOfItsTwoFilesIsEnough(_ loss: Loss) throws {
        let scratch = Scratch()
        let file = ModemFile(scratch.path + "/modem.json", .plain)
        var memory = try ModemFile.newMemory()
        _ = memory.take(Look(imei: Self.own, iccid: Self.a).report, own: Self.own)
        try file.write(memory)
        // The spare hides nothing, and is made again.
        try lose(file.path + ".spare", loss)
        #expect(file.read() == .holds(memory))
        try lose(file.path, loss)
        guard case .damaged(_, survivor: memory) = file.read() else {
            Issue.record("\(file.read())")
            return
        }
        try lose(file.path + ".spare", loss)
        if loss == .missing {
            #expect(file.read() == .missing)
        } else {
            guard case .damaged(_, survivor: nil) = file.read() else {
                Issue.record("\(file.read())")
                return
            }
        }
        try file.write(memory)
        #expect(file.read() == .holds(memory))
    }

    @Test func saysWhatHasChangedInOneSentence() {
        #expect(ModemMemory.Change.imei(Self.other).what == "imei_changed: the modem says 352099001761481")
        #expect(Self.toB.what == "sim_changed: the SIM card ends in 2222, the one before in 1111")
    }
}
