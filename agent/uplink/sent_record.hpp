#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "base/result.hpp"
#include "store/inbox.hpp"

namespace ot::agent {

/// Reads the head of a request, of a chunk too: all of the delivery but its records. The reason
/// why it is none; empty: it is one.
std::string take_head(const nlohmann::json& in, store::Delivery& delivery);

/// Reads a record of a request to a hub: the shape of the list with ours beside it. What it
/// doesn't know it passes over; what it knows and can't be is the reason of its refusal. A text
/// has at most 4096 bytes, a list at most 10,000 elements.
tl::expected<store::SentRecord, std::string> sent_record_from(const nlohmann::json& in);

}  // namespace ot::agent
