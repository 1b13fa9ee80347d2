// The TLS half of Boost.Asio, as base/asio.cpp has the other.
#include <boost/asio/ssl/impl/src.hpp>
