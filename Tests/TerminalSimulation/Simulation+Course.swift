import AgentCore
import Wire

/// What happens, and to whom.
extension Simulation {
    mutating func happen(_ happening: Happening) {
        switch happening {
        case .sale, .trial: sell()
        case .timer(let number): if number == timers { receive(.timerFired) }

        case .lockChange:
            server.change(by: Revision.random(in: 1...3, using: &random))
            count(server.isLocked ? "lock" : "unlock")
            for (parked, _) in server.parked { release(parked.id) }
        case .capChange: server.cap = random.chance(0.5) ? Int64.random(in: 0...100_000, using: &random) : nil
        case .outage:
            guard network.isUp else { return }
            network.isUp = false
            count("outage")
            agenda.add(.networkBack, at: now + random.interval(mean: random.chance(0.3) ? 3600 : 120))
            if random.chance(0.5) { receive(.networkChanged(addressLost: true)) }
        case .networkBack:
            network.isUp = true
            note("network back")
            if random.chance(0.5) { receive(.networkChanged(addressLost: false)) }
        case .networkChange: network.becomeAnother(&random)
        case .serverRestart:
            guard server.isUp else { return }
            server.isUp = false
            count("server restart")
            for parked in server.dropAll() { if let passage = network.passage(&random) { agenda.add(.failure(parked.id), at: now + passage) } }
            agenda.add(.serverBack, at: now + random.interval(mean: 20))
        case .serverBack: server.isUp = true

        case .kill: restart(isReboot: false)
        case .reboot: restart(isReboot: true)
        case .suspend:
            let sleep = random.interval(mean: random.chance(0.2) ? 7200 : 200)
            now += sleep
            slept += sleep
            count("suspend")
            // Before the timer, and before anything that came meanwhile.
            sell()
        case .wallClock:
            wallShift = .seconds(Int.random(in: -1_795_000_000...600_000_000, using: &random))
            count("wall clock set")
        case .fullDisk:
            disk.isFull = true
            count("full disk")
            agenda.add(.diskRoom, at: now + random.interval(mean: 600))
        case .diskRoom: disk.isFull = false

        case .slip:
            let hours = random.chance(0.1) ? Int.random(in: 1...OfflineCode.mostHours, using: &random) : Int.random(in: 1...2, using: &random)
            guard let code = server.issue(hours: hours, lifts: random.chance(0.5)) else { return }
            slips.append((code, server.revision))
            // Typed at once, later, or twice.
            for _ in 0...Int.random(in: 0...1, using: &random) { agenda.add(.typing(slips.count - 1), at: now + random.interval(mean: 1800)) }
        case .typing(let place): type(slips[place].code, givenAt: slips[place].revision)
        case .wrongCode: for _ in 0...Int.random(in: 0...2, using: &random) { type(nil) }

        case .arrival, .parkOver, .answer, .failure, .timeout, .refusal, .replay: travel(happening)
        case .reportArrives, .reportAnswered, .reportFails: reportTravels(happening)
        }
    }

    mutating func restart(isReboot: Bool) {
        count(isReboot ? "reboot" : "kill")
        if isReboot { boot(after: random.interval(mean: 40)) } else { start() }
    }

    /// The power is off for a while.
    mutating func boot(after pause: Duration) {
        now += pause
        boots += 1
        bootedAt = now - .milliseconds(Int.random(in: 0...9000, using: &random))
        slept = .zero
        start(isReboot: true)
    }

    private mutating func start(isReboot: Bool = false) {
        starts += 1
        terminal = Terminal(imei: Self.imei, channel: Self.channel, generator: Seeded(seed ^ starts << 32))
        transfer = nil
        report = nil
        timers += 1
        oracle.restarted(isReboot: isReboot, disk: disk.state, bootClock: bootClock)
        receive(.started(disk.found(bootID: fault == .sameBootForEver ? "boot" : "boot \(boots)")))
    }
}
