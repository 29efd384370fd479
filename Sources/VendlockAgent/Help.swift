import Agent

/// What `--help` prints.
enum Help {
    static let program = """
        vendlock-agent: keeps a terminal's lock, and answers whether it may spend.

        usage: vendlock-agent COMMAND [OPTION ...]

          run      the daemon
          enrol    makes this terminal's key and enrols it with a one-time code
          check    asks the gate whether an operation is permitted
          status   shows the lock state, the lease and the last contact
          code     enters an offline code
          modem    shows what the modem says of itself

        vendlock-agent COMMAND --help says more; vendlock-agent --version prints the version.
        Exit status: 0 done or permitted, 1 refused or failed, 2 wrong usage, 3 (check, code) no answer from the gate.
        """

    static func text(for command: Command) -> String {
        switch command {
        case .run:
            """
            usage: vendlock-agent run [--config FILE]

            Keeps in touch with the server and answers at the gate, until SIGTERM.
            An agent that is not enrolled yet refuses everything, and notices when it is enrolled.

              --config FILE   default \(AgentConfig.defaultPath)
            """
        case .enrol:
            """
            usage: vendlock-agent enrol --server URL [--imei IMEI] --channel CODE --code CODE [--config FILE]

            Makes this terminal's key, hands in the one-time code, and keeps the server's keys in the state directory.
            A code works once. If the answer was lost, ask for a new code; this terminal keeps its key.
            When the configuration file does not exist, it is written with these values, so that `run` works right after.

              --server URL     the vendlock server, https://…
              --imei IMEI      of this terminal; dial *#06# to read it. Default: of the configuration, else the modem is asked
              --channel CODE   the kind of client, for example KazTimpaPro
              --code CODE      the one-time enrolment code
              --config FILE    default \(AgentConfig.defaultPath)
            """
        case .check:
            """
            usage: vendlock-agent check OPERATION [--amount-cents N] [--reference TEXT] [--json] [--gate-socket PATH | --config FILE]

            Asks the running agent, prints its decision, and ends with 0 permitted, 1 refused, 2 no such operation, 3 no answer.
            """
        case .status:
            """
            usage: vendlock-agent status [--json] [--gate-socket PATH | --config FILE]

            Shows what the running agent knows; with --json as one JSON object, the `State` of io.vendlock.Gate.
            """
        case .modem:
            """
            usage: vendlock-agent modem [--cell] [--json] [--imei IMEI] [--port PATH | --config FILE]

            Asks ModemManager, else the AT port, for IMEI and SIM card; the running agent does the same every quarter of an hour.
            Ends with 0, or 1 when nothing says its IMEI.

              --cell        and for the cell that it is registered in
              --imei IMEI   of several modems this one
              --port PATH   the AT port, for example /dev/ttyUSB2; none: only ModemManager. Default: "modem_port" of the configuration
              --json        as one JSON object, with the SIM card's numbers
            """
        case .code:
            """
            usage: vendlock-agent code CODE [--gate-socket PATH | --config FILE]

            Enters a code of 11 digits that support has read out; spaces and dashes do not count. It works once, on this terminal, without
            a network. After a wrong one every code is refused for a while. Ends with 0 accepted, 1 refused, 3 no answer.
            """
        }
    }
}
