"""A Training API on loopback: real sockets, real state, errors on demand."""

from training_server.answers import Answer, HangUp, error, html
from training_server.query import Refused
from training_server.server import Received, TrainingServer
from training_server.service import Clock, Course, TrainingService, example_service

__all__ = [
    "Answer",
    "Clock",
    "Course",
    "HangUp",
    "Received",
    "Refused",
    "TrainingServer",
    "TrainingService",
    "error",
    "example_service",
    "html",
]
