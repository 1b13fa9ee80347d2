#pragma once

#include "store/received.hpp"

namespace ot::store {

/// The same as put_received() for a project file that another rackscout read.
Result<Receipt::Status> put_received_file(Database& database, const Sender& sender,
                                          const SentRecord& record);

}  // namespace ot::store
