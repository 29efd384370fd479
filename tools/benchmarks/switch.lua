-- wrk: what a vending switch asks. Arguments after `--`: its token, the file of questions, one to a line.

local headers, bodies, at = {}, {}, 0

function init(arguments)
    headers = { ["Authorization"] = "Bearer " .. arguments[1], ["Content-Type"] = "application/json" }
    for line in io.lines(arguments[2]) do bodies[#bodies + 1] = line end
end

function request()
    at = at % #bodies + 1
    return wrk.format("POST", "/v1/authorizations", headers, bodies[at])
end
