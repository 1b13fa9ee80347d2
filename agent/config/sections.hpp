#pragma once

#include "agent/config/config.hpp"
#include "agent/config/table_reader.hpp"

namespace ot::agent {

// One function for each table of the file, in the order of all_tables(). The top of it is
// read first: what a folder or a probe doesn't say it takes from there. A hub looks at the
// API before it, an application goes to the sinks before it.

void read_top(TableReader& reader, Config& config);
void read_folder(TableReader& reader, Config& config);
void read_probe(TableReader& reader, Config& config);
void read_safety(TableReader& reader, Config& config);
void read_api(TableReader& reader, Config& config);
void read_jwt(TableReader& reader, Config& config);
void read_hub(TableReader& reader, Config& config);
void read_sensor(TableReader& reader, Config& config);
void read_sink(TableReader& reader, Config& config);
void read_business_app(TableReader& reader, Config& config);
void read_parsers(TableReader& reader, Config& config);
void read_store(TableReader& reader, Config& config);

/// What no table by itself can know.
void check_whole(const Config& config, Reading& reading);

}  // namespace ot::agent
