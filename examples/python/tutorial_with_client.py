"""The tutorial's example with trial_metadata.py: `report_metadata` merges, and never stops the training.

    TRIAL_ID=1 MASTER_URL=http://localhost:8080 MASTER_TOKEN=... python3 tutorial_with_client.py
"""

from types import SimpleNamespace

from trial_metadata import TrialMetadata


class BenchmarkTrial:
    def __init__(self, context):
        self.context = context

    def log_metadata(self, context):
        context.train.report_metadata(
            {
                "dataset_version": "MNIST-v1.0",
                "preprocessing": "normalization",
                "hardware": {"gpu": "NVIDIA A100", "cpu": "Intel Xeon"},
            }
        )

    def log_hardware_metadata(self, context):
        context.train.report_metadata(
            {
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


def main():
    with TrialMetadata() as train:
        trial = BenchmarkTrial(SimpleNamespace(train=train))
        for epoch in range(2):
            for batch in range(3):
                trial.train_batch(None, epoch, batch)
        trial.log_hardware_metadata(trial.context)


if __name__ == "__main__":
    main()
