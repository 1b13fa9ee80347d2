#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "parsers/parser.hpp"

namespace ot::parsers::scl {

/// Checks that a text is a well-formed SCL document within the limits, and
/// returns those of its elements that an inventory needs, as XML again: the
/// data model (LN0, DataSet, LNode, ...) is nine tenths of a real file, and a
/// document tree costs ten times its text. Elements of the SCL namespace come
/// out without a prefix, foreign ones with the prefix "x".
Result<std::string> condense(std::string_view utf8, const Limits& limits, Deadline& deadline);

}  // namespace ot::parsers::scl
