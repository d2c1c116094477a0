"""The tutorial's example with Determined's own SDK (`pip install determined`), against a master of ours.

    TRIAL_ID=1 MASTER_URL=http://localhost:8080 MASTER_TOKEN=... python3 tutorial_with_sdk.py

No release of the SDK has the tutorial's `report_metadata`; what it has is `set_metadata`, which replaces the whole document.
"""

import os

from determined import core
from determined.common import api


class BenchmarkTrial:
    def __init__(self, context):
        self.context = context

    def log_metadata(self, context):
        context.train.set_metadata(
            {
                "dataset_version": "MNIST-v1.0",
                "preprocessing": "normalization",
                "hardware": {"gpu": "NVIDIA A100", "cpu": "Intel Xeon"},
            }
        )

    def log_hardware_metadata(self, context):
        # What was there is read first: set_metadata would drop it.
        context.train.set_metadata(
            {
                **context.train.get_metadata(),
                "hardware": {"gpu": "NVIDIA A100", "cpu": "Intel Xeon", "ram": "64GB"},
                "software": {"cuda_version": "11.2", "python_version": "3.8.10"},
                "runtime_seconds": 3600,
            }
        )

    def train_batch(self, batch, epoch_idx, batch_idx):
        # Existing training code...

        if batch_idx == 0:
            self.log_metadata(self.context)

        # Rest of the training code...


def make_context():
    """What `core.init()` gives within a cluster of Determined; here nothing else of Determined has to run."""
    session = api.Session(
        master=api.canonicalize_master_url(os.environ["MASTER_URL"]),
        username="me",
        token=os.environ["MASTER_TOKEN"],
        cert=None,
    )
    distributed = core.DummyDistributedContext()
    trial_id = int(os.environ["TRIAL_ID"])
    manual = core.TensorboardMode.MANUAL
    train = core.TrainContext(session, trial_id, 1, None, distributed, manual, None, None)
    return core.Context(checkpoint=None, train=train, distributed=distributed)


def main():
    trial = BenchmarkTrial(make_context())
    for epoch in range(2):
        for batch in range(3):
            trial.train_batch(None, epoch, batch)
    trial.log_hardware_metadata(trial.context)
    print(trial.context.train.get_metadata())


if __name__ == "__main__":
    main()
