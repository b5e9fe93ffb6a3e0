"""Every limit that protects the machine or the reader, in one place.

A limit on a field is where the field's meaning ends or where one run would cost more than a
visitor may ask of a shared machine; a limit on work is how much one visitor may hand in.
"""

from __future__ import annotations

# One experiment
LEARNING_RATE_MIN = 1e-7
LEARNING_RATE_MAX = 10.0
MOMENTUM_MAX = 0.999
DECAY_MAX = 1.0
EPOCHS_MAX = 2_000
SAMPLES_MIN = 20
SAMPLES_MAX = 5_000
BATCH_SIZE_MAX = SAMPLES_MAX  # so that a batch may hold all rows
NOISE_MAX = 10.0
CLASSES_MAX = 10
HIDDEN_LAYERS_MAX = 8
UNITS_MAX = 256
FILTERS_MAX = 32  # of one convolution
DROPOUT_MAX = 0.9
L2_MAX = 1.0
WEIGHT_DECAY_MAX = 10.0
CLIPNORM_MAX = 1_000.0
CHANGES_MAX = 200
PARAMETERS_MAX = 150_000  # or multiply-adds a row, which are no fewer and more with convolutions
SEED_MAX = 2**31 - 1
UPDATES_MAX = 200_000
WEIGHTS_PER_EPOCH_MAX = 60_000_000  # changed, one by one: a tenth of a second, and no call is less

# What is handed in at once
EXPERIMENTS_PER_JOB_MAX = 2_000
JOBS_PER_VISITOR_MAX = 12
VISITOR_SECONDS_MAX = 900.0  # of all that a visitor has under way, by estimate, on two cores
JSON_CHARACTERS_MAX = 100_000
LINK_CHARACTERS_MAX = 20_000
COLUMNS_MAX = 64  # of one record
SHOWN_CHARACTERS_MAX = 60  # of a refused value, in the sentence that refuses it
SEEDS_MAX = 50
AXIS_VALUES_MAX = 100  # of one field that a study varies
STUDY_SECONDS_MAX = 600.0  # what a study may take, by estimate, on two cores
EPOCHS_PER_JOB_MAX = 500_000  # over all its runs; their records take about 30 MB
FIT_JOB_SECONDS_MAX = 180.0  # by plain `fit`, by estimate: a long run, or a dozen of the tutorial's
EPOCHS_WAITING_MAX = 2_000_000  # over all visitors; their records take about 120 MB

# Workers, jobs and the store
WORKERS_MAX = 16  # one loads in seconds and holds 345 MB or more, beside 450 MB that all share
CLUSTER_WORKERS_MAX = 64  # what one dispatcher deals to
WORKERS_PER_GPU = 2  # each keeps its own context in the GPU's memory
# What a worker may compile before it is replaced. By `python -m tests.service.memory` on two cores
# it holds 241 MB of its own when loaded, 288 with its first program and 346 with the tutorial's
# four. Another dense network adds 20 MB, with dropout 40; a convolution 70, and with batch
# normalisation, dropout, L2 and Muon 190.
WORKER_GROWTH_BYTES_MAX = 300 * 2**20  # since its first program
WORKER_PROGRAMS_MAX = 24  # where a system does not tell how much memory they take
FIT_IDLE_SECONDS = 60.0  # that the worker of plain `fit`, of about 750 MB, stays without work
WHY_CHARACTERS_MAX = 300  # of a sentence on what went wrong
# How long a worker may say nothing. Loaded, it says every second that it is there; while it loads
# or compiles, one call may keep all its threads from speaking.
WORKER_LOADING_SECONDS_MAX = 180.0  # from a cold disk it takes about 15
WORKER_COMPILING_SECONDS_MAX = 60.0  # one program takes about 2
WORKER_FROZEN_SECONDS_MAX = 6.0
WORKER_CHUNK_SECONDS_MAX = 60.0  # of training, after which it counts as hung; most take 0.05
ROWS_BYTES_MAX = 4 * 2**20  # of a data set; the largest, of 5,000 points, has a tenth of it
LOOK_EPOCHS_MAX = EPOCHS_MAX + 1  # that are looked into at once; epoch 0 is one of them
LOOK_INPUTS_BYTES_MAX = 4 * 2**20  # that predictions are wanted for
SIGHT_BYTES_MAX = 16 * 2**20  # of one epoch; weights and an optimizer's memory have a tenth of it
SIGHTS_BYTES_MAX = 64 * 2**20  # of all epochs that are looked into at once
LOOKS_MAX = 32  # that are open at once, of all visitors
LOOKS_BYTES_MAX = 96 * 2**20  # that all of them have seen and nobody has taken yet
LEASE_SECONDS = 60.0  # that a job of the pages goes on while nobody watches it
JOB_KEPT_SECONDS = 15 * 60.0  # after it is done, for those who come back to it
JOBS_KEPT_BYTES = 48 * 2**20  # records of jobs that are done
STORE_BYTES_MAX = 2**30
STORE_WAITING_BYTES_MAX = 32 * 2**20  # of runs that a store has not taken yet; some 2,000 runs
# Of runs under way: a snapshot has the weights and twice as much of an optimizer's memory.
SNAPSHOT_SECONDS = 2.0  # between two of a run
SNAPSHOT_BYTES_MAX = 3 * 2**20
SNAPSHOTS_BYTES_MAX = 64 * 2**20  # of all runs, in the laboratory's memory
UNFINISHED_BYTES_MAX = 256 * 2**20  # rows and snapshots in the store
