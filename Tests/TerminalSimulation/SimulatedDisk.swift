import AgentCore
import Wire

/// What a restart finds.
struct SimulatedDisk {
    var state: StoredState? = StoredState(imei: Simulation.imei, channel: Simulation.channel, account: nil)
    var spool: SpoolImage? = SpoolImage()
    var codes: CodeMemory? = CodeMemory(imei: Simulation.imei, next: 0)
    var isFull = false

    func found(bootID: String) -> Start {
        Start(stored: state.map(Start.Stored.holds) ?? .unreadable("it is cut short"), spool: spool, bootID: bootID, codes: codes)
    }
}
